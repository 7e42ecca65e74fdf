import { z } from 'zod';
import { referenceSchema } from '../inventory/references.ts';
import type { VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';
import { literally } from '../rest/literally.ts';

const groupSchema = z.object({
  uuid: z.string(),
  name: z.string().default(''),
  volumes: z.array(referenceSchema).default([]),
});

const groupSnapshotSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  comment: z.string().default(''),
});

export type GroupSnapshot = z.infer<typeof groupSnapshotSchema>;

export function groupSnapshotsPath(groupUuid: string): string {
  return `/application/consistency-groups/${encodeURIComponent(groupUuid)}/snapshots`;
}

/** The one consistency group that holds all volumes, or `undefined`. Groups are never made by us. */
export function commonGroup(volumes: readonly VolumeRecord[]): string | undefined {
  const [first, ...others] = volumes;
  const uuid = first?.consistency_group?.uuid;
  return uuid && others.every((volume) => volume.consistency_group?.uuid === uuid) ? uuid : undefined;
}

/** Ids of the volumes of a group. */
export async function readGroupVolumes(
  array: OntapArray,
  groupUuid: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const path = `/application/consistency-groups/${encodeURIComponent(groupUuid)}`;
  const group = await array.rest.get(groupSchema, path, { fields: 'name,volumes' }, signal);
  return group.volumes.map(({ uuid }) => uuid).filter((uuid) => uuid !== '');
}

export async function findGroupSnapshot(
  array: OntapArray,
  groupUuid: string,
  name: string,
  signal?: AbortSignal,
): Promise<GroupSnapshot | undefined> {
  const query = { name: literally(name), fields: 'uuid,name,comment' };
  const path = groupSnapshotsPath(groupUuid);
  const found = await readAll(array.rest, groupSnapshotSchema, path, query, signal);
  return found.find((record) => record.name === name);
}
