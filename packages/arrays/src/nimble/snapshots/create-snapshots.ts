import { LeewardError } from '@leeward/core';
import type {
  CreatedStorageSnapshots,
  CreateStorageSnapshots,
  FrozenInstant,
} from '../../contract/storage-snapshot.ts';
import { MeasuredMoment } from '../../rest/measured-moment.ts';
import { isSynchronous, readVolumeCollection } from '../inventory/volume-collections.ts';
import { readVolume, refuseReplica, type VolumeRecord } from '../inventory/volumes.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { createCollection, findWantedCollection, type VolumeCollectionRef } from './create-collection.ts';
import { createSingle, findWantedSingle } from './create-single.ts';
import { type SnapshotRecord, toStorageSnapshot } from './snapshot-record.ts';

/** The array tells creation times in whole seconds. */
const grainMs = 1_000;

/** What is frozen at one instant: volumes of one volume collection, or a volume that is in none. */
interface Unit {
  readonly collection?: VolumeCollectionRef;
  readonly volumes: readonly VolumeRecord[];
}

/**
 * Storage snapshots of several volumes: at one instant where one volume collection holds them all, else side by
 * side. A partly done earlier call is completed and never repeated.
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
  await Promise.all(units.map((unit) => refuseForeign(array, unit, request, signal)));
  const settled = await Promise.allSettled(units.map((unit) => createUnit(array, unit, request, signal)));
  const frozen = settled.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
  const made = new Map(frozen.flatMap(({ records }) => [...records]));
  return {
    storageSnapshots: request.volumes.map((volume, index) => {
      const record = made.get(ids[index] ?? '');
      if (!record) throw new RangeError('a volume without its storage snapshot');
      return toStorageSnapshot(volume, record);
    }),
    instants: frozen.map(({ records, ...instant }) => ({
      ...instant,
      volumes: request.volumes.filter((_volume, index) => records.has(ids[index] ?? '')),
      ...createdAt([...records.values()]),
    })),
  };
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
    const collection = await readVolumeCollection(array, id, signal);
    const { name } = collection;
    units.push({ collection: { id, name, isSynchronous: isSynchronous(collection) }, volumes: members });
  }
  return units;
}

async function refuseForeign(
  array: NimbleArray,
  { collection, volumes: [first] }: Unit,
  request: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<void> {
  if (collection) await findWantedCollection(array, collection, request, first?.id, signal);
  else if (first) await findWantedSingle(array, first, request, signal);
}

interface Frozen extends Pick<FrozenInstant, 'id' | 'measured'> {
  /** By the id of the volume. */
  readonly records: ReadonlyMap<string, SnapshotRecord>;
}

async function createUnit(
  array: NimbleArray,
  { collection, volumes }: Unit,
  request: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<Frozen> {
  const moment = new MeasuredMoment(array.deps.clock);
  const [first] = volumes;
  if (!first) throw new RangeError('nothing to freeze');
  if (!collection) {
    const record = await createSingle(array, first, request, moment, signal);
    return { id: record.id, records: new Map([[first.id, record]]), ...moment.window };
  }
  const { id, records } = await createCollection(array, collection, volumes, request, moment, signal);
  const pairs = volumes.flatMap(({ id: volumeId }, index) => {
    const record = records[index];
    return record ? [[volumeId, record] as const] : [];
  });
  return { id, records: new Map(pairs), ...moment.window };
}

function createdAt(records: readonly SnapshotRecord[]): Pick<FrozenInstant, 'created'> {
  const times = records.flatMap(({ creation_time }) => creation_time ?? []);
  return times.length === 0 ? {} : { created: { atMs: Math.min(...times) * grainMs, grainMs } };
}
