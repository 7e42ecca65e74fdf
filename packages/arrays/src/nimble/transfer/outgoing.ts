import { LeewardError, type VolumeId } from '@leeward/core';
import type { TransferProgress } from '../../contract/transfer.ts';
import { listPartners } from '../inventory/partners.ts';
import { downstreamPartners, listSchedules, type Schedule } from '../inventory/schedules.ts';
import { readVolume, type VolumeRecord } from '../inventory/volumes.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { type CollectionRecord, findCollection } from '../snapshots/collection-record.ts';

/**
 * What the primary says of sending a storage snapshot of one of its volumes. Never `done`: what is sent counts
 * only when the secondary has it.
 */
export async function outgoingTransfer(
  array: NimbleArray,
  volume: VolumeId,
  name: string,
  signal?: AbortSignal,
): Promise<TransferProgress> {
  const record = await readVolume(array, await array.ownId(volume, signal), signal);
  if (!record.volcoll_id) return failed(`the volume ${record.name} is in no volume collection`);
  const collection = await findCollection(array, record.volcoll_id, name, signal);
  if (!collection)
    return failed(`the volume collection ${record.volcoll_name ?? ''} has no such storage snapshot`);
  const schedules = await listSchedules(array, record.volcoll_id, signal);
  const bytesTransferred = bytesOf(collection, record, schedules);
  switch (collection.repl_status) {
    case 'complete':
      return { state: 'transferring', bytesTransferred, reason: 'sent; the secondary does not show it yet' };
    case 'fail':
      return { ...failed('the array gave up sending it'), bytesTransferred };
    case 'pending':
    case 'in_progress':
      return await underWay(array, collection, schedules, bytesTransferred, signal);
    default:
      throw new LeewardError('L-ARR-603', {
        host: array.rest.host,
        collection: record.volcoll_name || record.volcoll_id,
        partner: 'the secondary',
      });
  }
}

async function underWay(
  array: NimbleArray,
  collection: CollectionRecord,
  schedules: readonly Schedule[],
  bytesTransferred: number,
  signal?: AbortSignal,
): Promise<TransferProgress> {
  const names = collection.replicate_to ? [collection.replicate_to] : downstreamPartners(schedules);
  const partners = (await listPartners(array, {}, signal)).filter(({ name }) => names.includes(name));
  const paused = partners.find((partner) => partner.paused === true);
  if (paused) throw new LeewardError('L-ARR-602', { host: array.rest.host, partner: paused.name });
  const silent = partners.find((partner) => partner.is_alive === false);
  if (silent) {
    const reason = `the replication partner ${silent.name} does not answer; the array tries again`;
    return { state: 'waiting', bytesTransferred, reason };
  }
  if (collection.repl_status === 'in_progress') return { state: 'transferring', bytesTransferred };
  const running = schedules.find(
    (each) => each.currently_replicating_snapcoll_name,
  )?.currently_replicating_snapcoll_name;
  const reason =
    running && running !== collection.name
      ? `earlier storage snapshots are sent first (${running})`
      : 'earlier storage snapshots are sent first';
  return { state: 'waiting', bytesTransferred, reason };
}

/** While it runs the schedule knows them for each volume, afterwards the collection for all of them. */
function bytesOf(collection: CollectionRecord, volume: VolumeRecord, schedules: readonly Schedule[]): number {
  if (collection.repl_status === 'complete') return collection.repl_bytes_transferred ?? 0;
  const rows = schedules.flatMap(({ vol_status_list }) => vol_status_list ?? []);
  const own = rows.find((row) => row.name === volume.name && row.snap_name === collection.name);
  return own?.repl_bytes_done ?? collection.repl_bytes_transferred ?? 0;
}

function failed(reason: string): TransferProgress {
  return { state: 'failed', bytesTransferred: 0, reason };
}
