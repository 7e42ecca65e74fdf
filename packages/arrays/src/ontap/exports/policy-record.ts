import { z } from 'zod';
import { noReference, referenceSchema } from '../inventory/references.ts';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';
import { literally } from '../rest/literally.ts';

const exportPolicySchema = z.object({
  id: z.int(),
  name: z.string(),
  svm: referenceSchema.default(noReference),
});

export type ExportPolicy = z.infer<typeof exportPolicySchema>;

export const exportPoliciesPath = '/protocols/nfs/export-policies';

export function listExportPolicies(
  array: OntapArray,
  filter: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<ExportPolicy[]> {
  return readAll(
    array.rest,
    exportPolicySchema,
    exportPoliciesPath,
    { ...filter, fields: 'id,name,svm' },
    signal,
  );
}

export async function findExportPolicy(
  array: OntapArray,
  svmUuid: string,
  name: string,
  signal?: AbortSignal,
): Promise<ExportPolicy | undefined> {
  const found = await listExportPolicies(array, { 'svm.uuid': svmUuid, name: literally(name) }, signal);
  return found.find((policy) => policy.name === name);
}
