import { LeewardError, type VolumeId } from '@leeward/core';
import type { StorageSnapshot } from '../../contract/storage-snapshot.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { orGone } from '../rest/or-gone.ts';
import { readCollection } from '../snapshots/collection-record.ts';
import { findSnapshot, type SnapshotRecord, toStorageSnapshot } from '../snapshots/snapshot-record.ts';

/** Longer than any transfer takes. */
const longestTransferMs = 31 * 86_400_000;

/**
 * The transferred storage snapshot on a secondary volume, once all of it is there. Arrays may tell the time of the
 * original or that of its arrival as its creation; with `createdAt` a time that can be neither is `L-ARR-203`.
 */
export async function findReplica(
  array: NimbleArray,
  volume: VolumeId,
  name: string,
  createdAt?: string,
  signal?: AbortSignal,
): Promise<StorageSnapshot | undefined> {
  const id = await array.ownId(volume, signal);
  const record = await findSnapshot(array, id, name, signal);
  if (!record || !(await isComplete(array, record, signal))) return undefined;
  const replica = toStorageSnapshot(volume, record);
  if (createdAt === undefined) return replica;
  const laterMs = Date.parse(replica.createdAt) - Math.floor(Date.parse(createdAt) / 1_000) * 1_000;
  if (laterMs >= 0 && laterMs <= longestTransferMs) return replica;
  throw new LeewardError('L-ARR-203', { snapshot: name, seen: replica.createdAt, expected: createdAt });
}

async function isComplete(
  array: NimbleArray,
  { is_replica, snap_collection_id }: SnapshotRecord,
  signal?: AbortSignal,
): Promise<boolean> {
  if (is_replica === false) return false;
  if (!snap_collection_id) return is_replica === true;
  const collection = await orGone(() => readCollection(array, snap_collection_id, signal));
  const { repl_status, is_complete } = collection ?? {};
  return collection !== undefined && is_complete !== false && (repl_status ?? 'complete') === 'complete';
}
