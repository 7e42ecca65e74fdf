import { LeewardError, type VolumeId } from '@leeward/core';
import type { CreatedStorageSnapshots, CreateStorageSnapshots } from '../../contract/storage-snapshot.ts';
import { readVolumeCollection } from '../inventory/volume-collections.ts';
import { readVolume, refuseReplica, type VolumeRecord } from '../inventory/volumes.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { createCollection, findWantedCollection, type VolumeCollectionRef } from './create-collection.ts';
import { createSingle, findWantedSingle } from './create-single.ts';
import { type SnapshotRecord, toStorageSnapshot } from './snapshot-record.ts';

/** The array tells creation times in whole seconds. */
const clockGrainMs = 1_000;

/** What is frozen at one instant: volumes of one volume collection, or a volume that is in none. */
interface Unit {
  readonly collection?: VolumeCollectionRef;
  readonly volumes: readonly VolumeRecord[];
}

/**
 * Storage snapshots of several volumes: at one instant where one volume collection holds them all, else side by
 * side with the skew measured. A partly done earlier call is completed and never repeated.
 */
export async function createStorageSnapshots(
  array: NimbleArray,
  request: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<CreatedStorageSnapshots> {
  const ids = await Promise.all(request.volumes.map((volume) => array.ownId(volume, signal)));
  const volumes = await Promise.all(ids.map((id) => readVolume(array, id, signal)));
  for (const volume of volumes) refuseUnfit(array, volume);
  const units = await unitsOf(array, volumes, signal);
  // Foreign names are found before anything is made.
  const found = await Promise.all(units.map((unit) => findUnit(array, unit, request, signal)));
  const { clock } = array.deps;
  const startedMs = clock.monotonicMs();
  const settled = await Promise.allSettled(units.map((unit) => createUnit(array, unit, request, signal)));
  const windowMs = Math.ceil(clock.monotonicMs() - startedMs);
  const made = new Map<string, SnapshotRecord>();
  for (const [index, outcome] of settled.entries()) {
    if (outcome.status === 'rejected') throw outcome.reason;
    units[index]?.volumes.forEach(({ id }, at) => {
      const record = outcome.value[at];
      if (record) made.set(id, record);
    });
  }
  const records = ids.map((id, index) => named(request.volumes[index], made.get(id)));
  const storageSnapshots = records.map(({ volume, record }) => toStorageSnapshot(volume, record));
  if (units.length <= 1) return { storageSnapshots, instant: 'one-instant', skewMs: 0 };
  const allNew = found.every((present) => !present);
  const spread = spreadMs(records.map(({ record }) => record)) + clockGrainMs;
  const skewMs = Math.min(spread, allNew ? windowMs : Number.POSITIVE_INFINITY);
  return { storageSnapshots, instant: 'sequential', skewMs };
}

function refuseUnfit(array: NimbleArray, volume: VolumeRecord): void {
  refuseReplica(array, volume);
  if (volume.online !== false) return;
  const message = volume.offline_reason || 'it was set offline';
  throw new LeewardError('L-ARR-104', { host: array.rest.host, volume: volume.name, message });
}

async function unitsOf(
  array: NimbleArray,
  volumes: readonly VolumeRecord[],
  signal?: AbortSignal,
): Promise<Unit[]> {
  const byCollection = new Map<string, VolumeRecord[]>();
  const units: Unit[] = [];
  for (const volume of volumes) {
    const { volcoll_id } = volume;
    if (!volcoll_id) units.push({ volumes: [volume] });
    else byCollection.set(volcoll_id, [...(byCollection.get(volcoll_id) ?? []), volume]);
  }
  for (const [id, members] of byCollection) {
    const { name, replication_type } = await readVolumeCollection(array, id, signal);
    // A synchronous one would make a second half that nobody asked for.
    if (replication_type === 'synchronous') units.push(...members.map((volume) => ({ volumes: [volume] })));
    else units.push({ collection: { id, name }, volumes: members });
  }
  return units;
}

async function findUnit(
  array: NimbleArray,
  { collection, volumes: [first] }: Unit,
  request: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<boolean> {
  if (collection) return (await findWantedCollection(array, collection, request, signal)) !== undefined;
  return first !== undefined && (await findWantedSingle(array, first, request, signal)) !== undefined;
}

async function createUnit(
  array: NimbleArray,
  { collection, volumes }: Unit,
  request: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<SnapshotRecord[]> {
  if (collection) return await createCollection(array, collection, volumes, request, signal);
  return await Promise.all(volumes.map((volume) => createSingle(array, volume, request, signal)));
}

function named(volume: VolumeId | undefined, record: SnapshotRecord | undefined) {
  if (!volume || !record) throw new RangeError('a volume without its storage snapshot');
  return { volume, record };
}

function spreadMs(records: readonly SnapshotRecord[]): number {
  const times = records.flatMap(({ creation_time }) => creation_time ?? []);
  return times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) * 1_000;
}
