import { LeewardError } from '@leeward/core';
import { z } from 'zod';
import type { Lun, Volume } from '../../contract/inventory.ts';
import { metadataSchema } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { readOne, readRows } from '../rest/list.ts';

const mebibyte = 1024 * 1024;

export const volumeSchema = z.object({
  id: z.string(),
  name: z.string(),
  size: z.number(),
  description: z.string().nullish(),
  online: z.boolean().nullish(),
  offline_reason: z.string().nullish(),
  owned_by_group: z.string().nullish(),
  owned_by_group_id: z.string().nullish(),
  serial_number: z.string().nullish(),
  secondary_serial_number: z.string().nullish(),
  target_name: z.string().nullish(),
  iscsi_target_scope: z.string().nullish(),
  pool_id: z.string().nullish(),
  pool_name: z.string().nullish(),
  clone: z.boolean().nullish(),
  parent_vol_id: z.string().nullish(),
  base_snap_id: z.string().nullish(),
  replication_role: z.string().nullish(),
  volcoll_id: z.string().nullish(),
  volcoll_name: z.string().nullish(),
  num_snaps: z.number().nullish(),
  metadata: metadataSchema,
  access_control_records: z
    .array(z.object({ apply_to: z.string().nullish(), initiator_group_name: z.string().nullish() }))
    .nullish(),
  creation_time: z.number().nullish(),
});

export type VolumeRecord = z.infer<typeof volumeSchema>;

/** All volumes of the group, or those of one name. */
export function listVolumes(
  array: NimbleArray,
  filter: { readonly name?: string; readonly volcoll_id?: string } = {},
  signal?: AbortSignal,
): Promise<VolumeRecord[]> {
  return readRows(array.rest, volumeSchema, '/volumes/detail', filter, signal);
}

export async function readVolume(
  array: NimbleArray,
  id: string,
  signal?: AbortSignal,
): Promise<VolumeRecord> {
  return await readOne(array.rest, volumeSchema, volumePath(id), signal);
}

export function volumePath(id: string): string {
  return `/volumes/${encodeURIComponent(id)}`;
}

export function isReplica({ replication_role, offline_reason }: VolumeRecord): boolean {
  return replication_role === 'periodic_snapshot_downstream' || offline_reason === 'replica';
}

/** Half of a synchronous pair that serves hosts only when the other one is lost. */
export function isDownstreamHalf({ replication_role }: VolumeRecord): boolean {
  return replication_role === 'synchronous_downstream';
}

export function isUpstreamHalf({ replication_role }: VolumeRecord): boolean {
  return replication_role === 'synchronous_upstream';
}

/** Storage snapshots are made where the volume is written. */
export function refuseReplica(array: NimbleArray, volume: VolumeRecord): void {
  if (!isReplica(volume) && !isDownstreamHalf(volume)) return;
  throw new LeewardError('L-ARR-105', { host: array.rest.host, volume: volume.name });
}

export function sizeBytesOf({ size }: VolumeRecord): number {
  return size * mebibyte;
}

/** Names by which ESXi knows a volume; the second half of a serial number begins with the vendor's bytes. */
export function scsiNamesOf(serial: string): string[] {
  const plain = serial.toLowerCase();
  return /^[0-9a-f]{16}6c9ce9[0-9a-f]{10}$/.test(plain) ? [`eui.${plain}`] : [];
}

function lunOf(volume: VolumeRecord): Lun[] {
  const serial = (volume.serial_number ?? '').toLowerCase();
  if (serial === '') return [];
  const online = volume.online === true;
  return [
    {
      id: volume.id,
      path: '',
      sizeBytes: sizeBytesOf(volume),
      serial,
      scsiNames: [serial, volume.secondary_serial_number ?? ''].flatMap(scsiNamesOf),
      online,
    },
  ];
}

/**
 * `together`: ids of the volumes of its volume collection, where it is in one whose snapshots are taken at once.
 * `nodes`: the arrays of its pool, where the group has several pools.
 */
export function toVolume(
  arraySerial: string,
  volume: VolumeRecord,
  together: readonly string[] = [],
  nodes?: readonly string[],
  locks?: Volume['locks'],
): Volume {
  return {
    id: { arraySerial, objectId: volume.id },
    name: volume.name,
    tenant: '',
    tenantId: '',
    sizeBytes: sizeBytesOf(volume),
    access: isReplica(volume) || isDownstreamHalf(volume) ? 'read-only-replica' : 'read-write',
    online: volume.online === true,
    isClone: volume.clone === true,
    luns: lunOf(volume),
    ...(together.length > 1 ? { frozenWith: together } : {}),
    ...(nodes ? { nodes } : {}),
    ...(locks ? { locks } : {}),
  };
}
