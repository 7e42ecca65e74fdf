import type { VolumeId } from '@leeward/core';
import type { StorageSnapshot } from '../../contract/storage-snapshot.ts';
import type { OntapArray } from '../ontap-array.ts';
import { readSnapshots, toStorageSnapshot } from './snapshot-record.ts';

/** All storage snapshots of a volume, oldest first; those of the same second in the array's order. */
export async function listStorageSnapshots(
  array: OntapArray,
  volume: VolumeId,
  signal?: AbortSignal,
): Promise<StorageSnapshot[]> {
  const uuid = await array.ownId(volume, signal);
  const records = await readSnapshots(array, uuid, undefined, signal);
  return records
    .map((record) => toStorageSnapshot(volume, record))
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
}
