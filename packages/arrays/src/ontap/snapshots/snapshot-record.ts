import { isoTime, type VolumeId } from '@leeward/core';
import { z } from 'zod';
import { ownedNamePrefix, parseOwnership } from '../../contract/ownership.ts';
import type { StorageSnapshot } from '../../contract/storage-snapshot.ts';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';
import { literally } from '../rest/literally.ts';

const snapshotSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  create_time: z.string().default(''),
  comment: z.string().default(''),
  snapmirror_label: z.string().optional(),
  owners: z.array(z.string()).default([]),
  expiry_time: z.string().optional(),
  snaplock_expiry_time: z.string().optional(),
});

export type SnapshotRecord = z.infer<typeof snapshotSchema>;

const fields = 'uuid,name,create_time,comment,snapmirror_label,owners,expiry_time,snaplock_expiry_time';

export function snapshotsPath(volumeUuid: string): string {
  return `/storage/volumes/${encodeURIComponent(volumeUuid)}/snapshots`;
}

/** Storage snapshots of a volume in the array's order; `namePattern` may hold `*`. */
export function readSnapshots(
  array: OntapArray,
  volumeUuid: string,
  namePattern?: string,
  signal?: AbortSignal,
): Promise<SnapshotRecord[]> {
  const query = { fields, ...(namePattern === undefined ? {} : { name: namePattern }) };
  return readAll(array.rest, snapshotSchema, snapshotsPath(volumeUuid), query, signal);
}

export async function findSnapshot(
  array: OntapArray,
  volumeUuid: string,
  name: string,
  signal?: AbortSignal,
): Promise<SnapshotRecord | undefined> {
  const found = await readSnapshots(array, volumeUuid, literally(name), signal);
  return found.find((record) => record.name === name);
}

/**
 * Our mark is the comment. It does not always travel with a transfer, so a nameless mark is enough there: our
 * prefix and no comment at all.
 */
export function isOurs({
  name,
  comment,
}: {
  readonly name: string;
  readonly comment?: string | undefined;
}): boolean {
  return comment ? parseOwnership(comment) !== undefined : name.startsWith(ownedNamePrefix);
}

export function toStorageSnapshot(volume: VolumeId, record: SnapshotRecord): StorageSnapshot {
  const { uuid, name, create_time, comment, snapmirror_label, owners } = record;
  const locked = record.snaplock_expiry_time ?? record.expiry_time;
  return {
    volume,
    id: uuid,
    name,
    createdAt: utc(create_time),
    comment,
    ...(snapmirror_label ? { label: snapmirror_label } : {}),
    ...(locked ? { lockedUntil: utc(locked) } : {}),
    heldBy: owners,
  };
}

/** The array tells times with its own offset; we show all in UTC. */
export function utc(time: string): string {
  const epochMs = Date.parse(time);
  return Number.isNaN(epochMs) ? time : isoTime(epochMs);
}
