import { chunkBytes } from '../../storage/chunk-store.ts';
import type { FileMap } from '../../storage/file-map.ts';
import type { Group } from '../model/group.ts';
import type { Metadata, Snapshot, SnapshotCollection, Volume } from '../model/objects.ts';
import { newSerial, volumeTargetName } from '../model/scsi-identity.ts';
import { conflict, exists } from '../rest/api-error.ts';
import { checkHalfDeletable } from '../sync/coordinated.ts';

export interface NewSnapshot {
  readonly name: string;
  readonly description?: string;
  readonly online?: boolean;
  readonly writable?: boolean;
  readonly metadata?: Metadata;
  readonly agentType?: string;
  readonly appUuid?: string;
  readonly expiryAfterSeconds?: number;
  readonly lockPeriodSeconds?: number;
  readonly collection?: SnapshotCollection;
  /** Downstream half of a coordinated one that says it is a replica. */
  readonly isPeer?: boolean;
  /** A replica: where it comes from, what it holds, when it was taken. */
  readonly replica?: {
    readonly originName: string;
    readonly lineage: string;
    readonly map: FileMap;
    readonly sizeMib: number;
    readonly createdMs: number;
  };
}

/** Throws what the system refuses; nothing has happened then. */
export function checkNewSnapshot(group: Group, volume: Volume, name: string): void {
  const { limits } = group.config;
  if (volume.snapshots.some((one) => one.name === name)) throw exists(name);
  if (volume.snapshots.length >= limits.snapshotsPerVolume)
    throw conflict('SM_limit_snap_vol', `The limit of snapshots of volume ${volume.name} is reached.`);
  if (group.snapshots.size >= limits.snapshotsPerGroup)
    throw conflict('SM_limit_snap_group', 'The limit of snapshots in the group is reached.');
}

/** Freezes a volume as it is now. */
export function addSnapshot(group: Group, volume: Volume, wanted: NewSnapshot): Snapshot {
  checkNewSnapshot(group, volume, wanted.name);
  const { replica } = wanted;
  const head = group.head('snapshot', wanted.name, wanted.description);
  const serial = newSerial(group.randomness);
  const map = replica?.map ?? volume.map.share();
  const lockPeriodSeconds = wanted.lockPeriodSeconds ?? 0;
  const snapshot: Snapshot = {
    ...head,
    createdMs: replica?.createdMs ?? head.createdMs,
    volume,
    sizeMib: replica?.sizeMib ?? volume.sizeMib,
    map,
    online: wanted.online ?? false,
    writable: wanted.writable ?? false,
    serial,
    ownTargetName: volumeTargetName({ name: `${volume.name}-${wanted.name}`, id: head.id, serial }),
    originName: replica?.originName ?? (wanted.isPeer ? group.name : ''),
    isReplica: replica !== undefined || wanted.isPeer === true,
    collection: wanted.collection,
    expiryAfterSeconds: wanted.expiryAfterSeconds ?? 0,
    lockPeriodSeconds,
    lockedUntilMs: lockPeriodSeconds > 0 ? group.clock.now() + lockPeriodSeconds * 1000 : 0,
    agentType: wanted.agentType ?? 'none',
    appUuid: wanted.appUuid ?? '',
    metadata: wanted.metadata ?? new Map(),
    newDataBytes: newData(map, volume.snapshots.at(-1)?.map),
    lineage: replica?.lineage ?? group.randomness.uuid(),
  };
  volume.snapshots.push(snapshot);
  wanted.collection?.snapshots.push(snapshot);
  group.snapshots.set(snapshot.id, snapshot);
  return snapshot;
}

function newData(map: FileMap, former: FileMap | undefined): number {
  let chunks = 0;
  for (const _ of map.changes(former)) chunks++;
  return chunks * chunkBytes;
}

/** Throws why a storage snapshot can't be deleted now. */
export function checkDeletable(group: Group, snapshot: Snapshot, force: boolean): void {
  const { collection } = snapshot;
  checkHalfDeletable(group, snapshot);
  if (snapshot.online) throw conflict('SM_eperm', `Snapshot ${snapshot.name} is online.`);
  const [clone] = group.clonesOf(snapshot);
  if (clone)
    throw conflict('SM_snap_has_clone', `Snapshot ${snapshot.name} has a clone: volume ${clone.name}.`);
  if (snapshot.lockedUntilMs > group.clock.now())
    throw conflict('SM_eperm', `Snapshot ${snapshot.name} is locked.`);
  if (!collection) return;
  if (group.inTransport.has(collection) && !isPaused(group, collection))
    throw conflict('SM_repl_object_busy', `Snapshot ${snapshot.name} is in use by replication.`);
  if (!force && isProtected(group, collection))
    throw conflict(
      'SM_repl_protect_last_snap',
      `Snapshot ${snapshot.name} is the last replicated snapshot. Use the force option to delete it.`,
    );
}

const isPaused = (group: Group, { replicateTo }: SnapshotCollection): boolean =>
  group.partnerNamed(replicateTo)?.paused ?? true;

/** The newest one that both sides hold is kept while its volume collection replicates. */
function isProtected(group: Group, collection: SnapshotCollection): boolean {
  const { volumeCollection } = collection;
  const replicates =
    group.isReplica(volumeCollection) || group.downstreamPartners(volumeCollection).length > 0;
  return replicates && group.lastReplicated(volumeCollection) === collection;
}

/** Takes it away, whatever stands in the way. */
export function removeSnapshot(group: Group, snapshot: Snapshot): void {
  const { volume, collection } = snapshot;
  volume.snapshots = volume.snapshots.filter((one) => one !== snapshot);
  group.snapshots.delete(snapshot.id);
  for (const record of group.accessRecords.values()) {
    record.snapshotLuns.delete(snapshot.id);
    if (record.snapshot === snapshot) group.accessRecords.delete(record.id);
  }
  snapshot.map.release();
  if (!collection) return;
  collection.snapshots.splice(collection.snapshots.indexOf(snapshot), 1);
  if (collection.snapshots.length === 0) forgetCollection(group, collection);
}

export function forgetCollection(group: Group, collection: SnapshotCollection): void {
  const { volumeCollection, peer } = collection;
  if (peer) peer.peer = undefined;
  group.snapshotCollections.delete(collection.id);
  volumeCollection.snapshotCollections = volumeCollection.snapshotCollections.filter(
    (one) => one !== collection,
  );
}
