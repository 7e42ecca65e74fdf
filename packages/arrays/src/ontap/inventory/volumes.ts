import { LeewardError } from '@leeward/core';
import { z } from 'zod';
import type { Volume } from '../../contract/inventory.ts';
import type { OntapArray } from '../ontap-array.ts';
import { knows912Fields, type Release } from '../release.ts';
import { readAll } from '../rest/collection.ts';
import { type LunRecord, toLun } from './luns.ts';
import { noReference, referenceSchema } from './references.ts';

export const volumeSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  svm: referenceSchema.default(noReference),
  type: z.string().default('rw'),
  style: z.string().default('flexvol'),
  state: z.string().default('online'),
  size: z.number().default(0),
  comment: z.string().optional(),
  create_time: z.string().optional(),
  is_svm_root: z.boolean().optional(),
  snapshot_count: z.number().optional(),
  snapshot_directory_access_enabled: z.boolean().optional(),
  snapshot_locking_enabled: z.boolean().optional(),
  consistency_group: referenceSchema.optional(),
  nas: z
    .object({
      path: z.string().optional(),
      export_policy: z.object({ name: z.string().default(''), id: z.number().optional() }).optional(),
    })
    .default({}),
  clone: z
    .object({
      is_flexclone: z.boolean().default(false),
      parent_volume: referenceSchema.optional(),
      parent_snapshot: referenceSchema.optional(),
    })
    .default({ is_flexclone: false }),
});

export type VolumeRecord = z.infer<typeof volumeSchema>;

/** Fields of a volume by the release; some of these are only told when asked for by name. */
export function volumeFields(release: Release): string {
  const always =
    'name,uuid,svm,type,style,state,size,comment,create_time,snapshot_count,nas.path,nas.export_policy.name,' +
    'nas.export_policy.id,clone.is_flexclone,clone.parent_volume.name,clone.parent_volume.uuid,' +
    'clone.parent_snapshot.name,clone.parent_snapshot.uuid,consistency_group,is_svm_root';
  return knows912Fields(release)
    ? `${always},snapshot_directory_access_enabled,snapshot_locking_enabled`
    : always;
}

export async function listVolumes(
  array: OntapArray,
  filter: Record<string, string | boolean> = {},
  signal?: AbortSignal,
): Promise<VolumeRecord[]> {
  const { version } = await array.cluster(signal);
  const query = { ...filter, fields: volumeFields(version) };
  return await readAll(array.rest, volumeSchema, '/storage/volumes', query, signal);
}

/** One volume by its id; `L-ARR-009` when it is gone. */
export async function readVolume(array: OntapArray, uuid: string, signal?: AbortSignal) {
  const { version } = await array.cluster(signal);
  const path = `/storage/volumes/${encodeURIComponent(uuid)}`;
  return await array.rest.get(volumeSchema, path, { fields: volumeFields(version) }, signal);
}

export function refuseOffline(array: OntapArray, volume: VolumeRecord): void {
  if (volume.state === 'online') return;
  const details = { host: array.rest.host, volume: volume.name, message: `its state is ${volume.state}` };
  throw new LeewardError('L-ARR-104', details);
}

/** `luns`: those of the volume; `undefined` where they are not known. The rest: see `Volume`. */
export function toVolume(
  arraySerial: string,
  record: VolumeRecord,
  luns: readonly LunRecord[] | undefined,
  instantGroups: NonNullable<Volume['instantGroups']> = [],
  locks?: Volume['locks'],
): Volume {
  const { uuid, name, svm, size, type, state, nas, clone } = record;
  return {
    id: { arraySerial, objectId: uuid },
    name,
    tenant: svm.name,
    tenantId: svm.uuid,
    sizeBytes: size,
    access: type === 'rw' ? 'read-write' : 'read-only-replica',
    online: state === 'online',
    ...(nas.path ? { nfsPath: nas.path } : {}),
    ...(nas.export_policy?.name ? { exportPolicy: nas.export_policy.name } : {}),
    isClone: clone.is_flexclone,
    ...(luns && luns.length > 0 ? { luns: luns.map(toLun) } : {}),
    ...(instantGroups.length > 0 ? { instantGroups } : {}),
    ...(locks ? { locks } : {}),
  };
}
