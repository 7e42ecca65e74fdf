import { isError } from '@leeward/core';
import { z } from 'zod';
import { referenceSchema } from '../inventory/references.ts';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';
import { literally } from '../rest/literally.ts';

const memberSchema = z.object({ volumes: z.array(referenceSchema).default([]) });

const groupSchema = memberSchema.extend({
  uuid: z.string(),
  name: z.string().default(''),
  parent_consistency_group: referenceSchema.optional(),
  consistency_groups: z.array(memberSchema.extend({ uuid: z.string() })).default([]),
});

/** A group, also one that only holds other groups: a storage snapshot of it freezes all its volumes at one instant. */
export interface ConsistencyGroup {
  readonly uuid: string;
  readonly name: string;
  /** Ids of its volumes, those of the groups in it too. */
  readonly members: ReadonlySet<string>;
}

const path = '/application/consistency-groups';
const fields = 'name,volumes,parent_consistency_group,consistency_groups';

const groupSnapshotSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  comment: z.string().default(''),
});

export type GroupSnapshot = z.infer<typeof groupSnapshotSchema>;

export function groupSnapshotsPath(groupUuid: string): string {
  return `${path}/${encodeURIComponent(groupUuid)}/snapshots`;
}

/**
 * All consistency groups that the account may see, the smallest first. Groups are never made by us. The right to them
 * is optional: without it there are none.
 */
export async function readGroups(array: OntapArray, signal?: AbortSignal): Promise<ConsistencyGroup[]> {
  try {
    const records = await readAll(array.rest, groupSchema, path, { fields }, signal);
    const groups = records.map(({ uuid, name, volumes, consistency_groups: listed }) => {
      const children = records.filter(({ parent_consistency_group: parent }) => parent?.uuid === uuid);
      const all = [volumes, ...[...listed, ...children].map((child) => child.volumes)].flat();
      return { uuid, name, members: new Set(all.map((volume) => volume.uuid).filter((id) => id !== '')) };
    });
    return groups.sort((a, b) => a.members.size - b.members.size);
  } catch (error) {
    if (isError(error, 'L-ARR-005')) return [];
    throw error;
  }
}

export async function findGroupSnapshot(
  array: OntapArray,
  groupUuid: string,
  name: string,
  signal?: AbortSignal,
): Promise<GroupSnapshot | undefined> {
  const query = { name: literally(name), fields: 'uuid,name,comment' };
  const found = await readAll(array.rest, groupSnapshotSchema, groupSnapshotsPath(groupUuid), query, signal);
  return found.find((record) => record.name === name);
}
