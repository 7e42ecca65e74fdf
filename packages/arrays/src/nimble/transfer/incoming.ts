import { LeewardError, type VolumeId } from '@leeward/core';
import type { StartTransfer, TransferProgress, TransferRef } from '../../contract/transfer.ts';
import { listPartners } from '../inventory/partners.ts';
import { isReplica, readVolume, type VolumeRecord } from '../inventory/volumes.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { findReplica } from './find-replica.ts';

/**
 * The secondary's side. There is nothing to start: the transfer began when the storage snapshot was made. Throws
 * where none can come, because the relation is gone or the partner is paused here.
 */
export async function startTransfer(
  array: NimbleArray,
  request: StartTransfer,
  signal?: AbortSignal,
): Promise<TransferRef> {
  const volume = await replicaVolume(array, request.relation, signal);
  if (await arrived(array, request, signal)) return request;
  await refusePaused(array, volume, signal);
  return request;
}

/** One look. The secondary knows nothing of a transfer before the storage snapshot has arrived. */
export async function transferProgress(
  array: NimbleArray,
  ref: TransferRef,
  signal?: AbortSignal,
): Promise<TransferProgress> {
  if (await arrived(array, ref, signal)) return { state: 'done', bytesTransferred: 0 };
  const volume = await replicaVolume(array, ref.relation, signal);
  await refusePaused(array, volume, signal);
  return { state: 'waiting', bytesTransferred: 0, reason: 'it has not arrived on the secondary yet' };
}

async function arrived(array: NimbleArray, request: StartTransfer, signal?: AbortSignal): Promise<boolean> {
  const { relation, storageSnapshotName, createdAt } = request;
  return (await findReplica(array, relation, storageSnapshotName, createdAt, signal)) !== undefined;
}

/** The id of a relation is that of its replica volume. */
async function replicaVolume(
  array: NimbleArray,
  relation: VolumeId,
  signal?: AbortSignal,
): Promise<VolumeRecord> {
  const volume = await readVolume(array, await array.ownId(relation, signal), signal);
  if (isReplica(volume)) return volume;
  const state = `the volume ${volume.name} is not a replica any more`;
  throw new LeewardError('L-ARR-201', { destination: volume.name, state });
}

async function refusePaused(array: NimbleArray, volume: VolumeRecord, signal?: AbortSignal): Promise<void> {
  const upstream = volume.owned_by_group ?? '';
  if (upstream === '') return;
  const partners = await listPartners(array, { name: upstream }, signal);
  if (partners.some(({ name, paused }) => name === upstream && paused === true))
    throw new LeewardError('L-ARR-602', { host: array.rest.host, partner: upstream });
}
