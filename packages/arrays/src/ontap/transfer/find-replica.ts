import { LeewardError, type VolumeId } from '@leeward/core';
import type { StorageSnapshot } from '../../contract/storage-snapshot.ts';
import type { OntapArray } from '../ontap-array.ts';
import { findSnapshot, toStorageSnapshot, utc } from '../snapshots/snapshot-record.ts';

/**
 * The transferred storage snapshot on a secondary volume. Its time of creation is that of the original; with
 * `createdAt` another one of the same name is `L-ARR-203`.
 */
export async function findReplica(
  array: OntapArray,
  volume: VolumeId,
  name: string,
  createdAt?: string,
  signal?: AbortSignal,
): Promise<StorageSnapshot | undefined> {
  const uuid = await array.ownId(volume, signal);
  const record = await findSnapshot(array, uuid, name, signal);
  if (!record) return undefined;
  const replica = toStorageSnapshot(volume, record);
  if (createdAt === undefined || replica.createdAt === utc(createdAt)) return replica;
  throw new LeewardError('L-ARR-203', { snapshot: name, seen: replica.createdAt, expected: utc(createdAt) });
}
