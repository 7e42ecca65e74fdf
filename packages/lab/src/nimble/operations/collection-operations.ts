import type { Group } from '../model/group.ts';
import type { Metadata, Schedule, SnapshotCollection, VolumeCollection } from '../model/objects.ts';
import { conflict, exists, notOwner } from '../rest/api-error.ts';
import {
  addSnapshot,
  checkDeletable,
  checkNewSnapshot,
  forgetCollection,
  removeSnapshot,
} from './snapshot-operations.ts';

export interface NewCollection {
  readonly name: string;
  readonly description?: string;
  readonly replicate?: boolean;
  /** Partner's name; absent: the only one. */
  readonly replicateTo?: string;
  readonly startOnline?: boolean;
  readonly allowWrites?: boolean;
  readonly agentType?: string;
  readonly isExternalTrigger?: boolean;
  readonly isManual?: boolean;
  readonly schedule?: Schedule;
  readonly expiryAfterSeconds?: number;
  readonly lockPeriodSeconds?: number;
  readonly metadata?: Metadata;
  readonly perVolume?: ReadonlyMap<string, { readonly metadata?: Metadata; readonly appUuid?: string }>;
}

/**
 * Freezes all volumes of a volume collection at one instant (nothing else runs meanwhile). With `replicate` it
 * joins the partner's queue; the caller wakes the replicator.
 */
export function takeCollection(
  group: Group,
  volumeCollection: VolumeCollection,
  wanted: NewCollection,
): SnapshotCollection {
  if (group.isReplica(volumeCollection)) throw notOwner(`Volume collection ${volumeCollection.name}`);
  const { snapshotCollections } = volumeCollection;
  if (snapshotCollections.some((one) => one.name === wanted.name)) throw exists(wanted.name);
  const volumes = group.members(volumeCollection);
  if (volumes.length === 0)
    throw conflict('SM_no_assoc_vols', `No volumes are associated with ${volumeCollection.name}.`);
  if (snapshotCollections.length >= group.config.limits.collectionsPerVolumeCollection)
    throw conflict(
      'SM_limit_snapcoll_volcoll',
      `The limit of snapshot collections of ${volumeCollection.name} is reached.`,
    );
  const partner = wanted.replicate ? partnerFor(group, volumeCollection, wanted.replicateTo) : undefined;
  const schedule = wanted.isExternalTrigger ? externalTrigger(group, volumeCollection) : wanted.schedule;
  for (const volume of volumes) checkNewSnapshot(group, volume, wanted.name);
  const head = group.head('snapshotCollection', wanted.name, wanted.description);
  const collection: SnapshotCollection = {
    ...head,
    volumeCollection,
    snapshots: [],
    originName: '',
    isReplica: false,
    isManual: wanted.isManual ?? true,
    isExternalTrigger: wanted.isExternalTrigger ?? false,
    allowWrites: wanted.allowWrites ?? false,
    agentType: wanted.agentType ?? 'none',
    schedule,
    scheduleName: schedule?.name ?? '',
    isUnmanaged: false,
    replicate: partner !== undefined,
    replicateTo: partner?.name ?? '',
    replicationStatus: partner ? 'pending' : null,
    replicationStartMs: 0,
    replicationCompleteMs: 0,
    replicatedBytes: 0,
    metadata: wanted.metadata ?? new Map(),
    expiryAfterSeconds: wanted.expiryAfterSeconds ?? 0,
    lineage: group.randomness.uuid(),
    visibleFromMs: 0,
  };
  for (const volume of volumes) {
    const own = wanted.perVolume?.get(volume.id);
    addSnapshot(group, volume, {
      name: wanted.name,
      description: wanted.description ?? '',
      online: wanted.startOnline ?? false,
      writable: wanted.allowWrites ?? false,
      expiryAfterSeconds: wanted.expiryAfterSeconds ?? 0,
      lockPeriodSeconds: wanted.lockPeriodSeconds ?? 0,
      agentType: wanted.agentType ?? 'none',
      metadata: own?.metadata ?? new Map(),
      appUuid: own?.appUuid ?? '',
      collection,
    });
  }
  group.snapshotCollections.set(collection.id, collection);
  snapshotCollections.push(collection);
  return collection;
}

/** The partner to send to; throws when there is none or the name is not one of them. */
export function partnerFor(group: Group, collection: VolumeCollection, name: string | undefined) {
  const partners = group.downstreamPartners(collection);
  const partner = name === undefined ? partners[0] : partners.find((one) => one.name === name);
  if (!partner)
    throw conflict('SM_repl_no_partner_avail', `No replication partner is available for ${collection.name}.`);
  return partner;
}

function externalTrigger(group: Group, collection: VolumeCollection): Schedule {
  const schedule = group.schedulesOf(collection).find((one) => one.type === 'external_trigger');
  if (schedule) return schedule;
  throw conflict(
    'SM_ext_trig_sched_not_present',
    `${collection.name} has no schedule that is triggered externally.`,
  );
}

/** All of them or none. */
export function deleteCollection(group: Group, collection: SnapshotCollection, force: boolean): void {
  for (const snapshot of collection.snapshots) checkDeletable(group, snapshot, force);
  removeCollection(group, collection);
}

export function removeCollection(group: Group, collection: SnapshotCollection): void {
  for (const snapshot of [...collection.snapshots]) removeSnapshot(group, snapshot);
  forgetCollection(group, collection);
}
