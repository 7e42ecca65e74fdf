import { z } from 'zod';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';

const countSchema = z.union([z.number(), z.string()]).transform(Number);

const policySchema = z.object({
  uuid: z.string(),
  name: z.string(),
  type: z.string().default('async'),
  sync_type: z.string().optional(),
  copy_all_source_snapshots: z.boolean().optional(),
  copy_latest_source_snapshot: z.boolean().optional(),
  create_snapshot_on_source: z.boolean().optional(),
  retention: z.array(z.object({ label: z.string(), count: countSchema.optional() })).default([]),
});

export type MirrorPolicy = z.infer<typeof policySchema>;

/** `fields=*`, so that each release tells the flags it knows and none is asked for what it does not know. */
export function listMirrorPolicies(array: OntapArray, signal?: AbortSignal): Promise<MirrorPolicy[]> {
  return readAll(array.rest, policySchema, '/snapmirror/policies', { fields: '*' }, signal);
}
