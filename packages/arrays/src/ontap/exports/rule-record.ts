import { z } from 'zod';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';

export const ruleSchema = z.object({
  index: z.int(),
  clients: z.array(z.object({ match: z.string() })).default([]),
  protocols: z.array(z.string()).default(['any']),
  ro_rule: z.array(z.string()).default([]),
  rw_rule: z.array(z.string()).default([]),
  superuser: z.array(z.string()).default([]),
  anonymous_user: z.string().default(''),
  allow_suid: z.boolean().optional(),
  allow_device_creation: z.boolean().optional(),
});

export type ExportRule = z.infer<typeof ruleSchema>;

const fields =
  'index,clients,protocols,ro_rule,rw_rule,superuser,anonymous_user,allow_suid,allow_device_creation';

export function rulesPath(policyId: number): string {
  return `/protocols/nfs/export-policies/${policyId}/rules`;
}

/** The rules of an export policy in the order in which the array evaluates them. */
export async function readRules(
  array: OntapArray,
  policyId: number,
  signal?: AbortSignal,
): Promise<ExportRule[]> {
  const rules = await readAll(array.rest, ruleSchema, rulesPath(policyId), { fields }, signal);
  return rules.sort((a, b) => a.index - b.index);
}
