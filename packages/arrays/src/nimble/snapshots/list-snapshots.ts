import type { VolumeId } from '@leeward/core';
import type { StorageSnapshot } from '../../contract/storage-snapshot.ts';
import { basesOf, readVolumeCollection } from '../inventory/volume-collections.ts';
import { readVolume } from '../inventory/volumes.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { readSnapshots, toStorageSnapshot } from './snapshot-record.ts';

/** All storage snapshots of a volume, oldest first; those of the same second in the array's order. */
export async function listStorageSnapshots(
  array: NimbleArray,
  volume: VolumeId,
  signal?: AbortSignal,
): Promise<StorageSnapshot[]> {
  const { id, volcoll_id } = await readVolume(array, await array.ownId(volume, signal), signal);
  const [records, collection] = await Promise.all([
    readSnapshots(array, id, undefined, signal),
    volcoll_id ? readVolumeCollection(array, volcoll_id, signal) : undefined,
  ]);
  const bases = collection ? basesOf(collection) : new Set<string>();
  return records
    .map((record) => toStorageSnapshot(volume, record, bases))
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
}
