import { isoTime, type VolumeId } from '@leeward/core';
import { z } from 'zod';
import type { StorageSnapshot } from '../../contract/storage-snapshot.ts';
import { fromArrayName, toArrayName } from '../array-name.ts';
import { commentOf, labelOf, metadataSchema } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { readOne, readRows } from '../rest/list.ts';

const snapshotSchema = z.object({
  id: z.string(),
  name: z.string(),
  vol_id: z.string().nullish(),
  /** Unix seconds. */
  creation_time: z.number().nullish(),
  description: z.string().nullish(),
  metadata: metadataSchema,
  is_replica: z.boolean().nullish(),
  replication_status: z.string().nullish(),
  snap_collection_id: z.string().nullish(),
  is_locked: z.boolean().nullish(),
  /** Unix seconds at which the lock ends. */
  retention_time: z.number().nullish(),
});

export type SnapshotRecord = z.infer<typeof snapshotSchema>;

export function snapshotPath(id: string): string {
  return `/snapshots/${encodeURIComponent(id)}`;
}

export function readSnapshot(array: NimbleArray, id: string, signal?: AbortSignal): Promise<SnapshotRecord> {
  return readOne(array.rest, snapshotSchema, snapshotPath(id), signal);
}

/** Those storage snapshots of a volume that are `wanted`, in the array's order. */
export async function readSnapshots(
  array: NimbleArray,
  volumeId: string,
  wanted: (record: SnapshotRecord) => boolean = () => true,
  signal?: AbortSignal,
): Promise<SnapshotRecord[]> {
  return await readFiltered(array, { vol_id: volumeId }, wanted, signal);
}

/** By our name of it. */
export async function findSnapshot(
  array: NimbleArray,
  volumeId: string,
  name: string,
  signal?: AbortSignal,
): Promise<SnapshotRecord | undefined> {
  const wanted = toArrayName(name);
  const filter = { vol_id: volumeId, name: wanted };
  return (await readFiltered(array, filter, (record) => record.name === wanted, signal))[0];
}

async function readFiltered(
  array: NimbleArray,
  filter: { readonly vol_id: string; readonly name?: string },
  wanted: (record: SnapshotRecord) => boolean,
  signal?: AbortSignal,
): Promise<SnapshotRecord[]> {
  const rows = await readRows(array.rest, snapshotSchema, '/snapshots/detail', filter, signal);
  // Some releases leave attributes out of rows.
  const complete = (row: SnapshotRecord) =>
    row.creation_time == null ? readSnapshot(array, row.id, signal) : row;
  return await Promise.all(rows.filter(wanted).map(complete));
}

/** `bases`: snapshot collections from which the next transfers start. */
export function toStorageSnapshot(
  volume: VolumeId,
  record: SnapshotRecord,
  bases: ReadonlySet<string> = new Set(),
): StorageSnapshot {
  const { id, name, metadata, replication_status, snap_collection_id, is_locked, retention_time } = record;
  const label = labelOf(metadata);
  const moving = replication_status === 'pending' || replication_status === 'in_progress';
  return {
    volume,
    id,
    name: fromArrayName(name),
    createdAt: timeOf(record.creation_time),
    comment: commentOf(record),
    ...(label === '' ? {} : { label }),
    ...(is_locked === true && retention_time ? { lockedUntil: timeOf(retention_time) } : {}),
    heldBy: [
      ...(moving ? ['replication'] : []),
      ...(bases.has(snap_collection_id ?? '') ? ['base of the next transfer'] : []),
    ],
  };
}

/** The array tells times in Unix seconds. */
export function timeOf(seconds: number | null | undefined): string {
  return isoTime((seconds ?? 0) * 1_000);
}
