import { z } from 'zod';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';

const svmSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  state: z.string().default('running'),
  subtype: z.string().default('default'),
});

export type Svm = z.infer<typeof svmSchema>;

export function listSvms(array: OntapArray, signal?: AbortSignal): Promise<Svm[]> {
  return readAll(array.rest, svmSchema, '/svm/svms', { fields: 'name,uuid,state,subtype' }, signal);
}

/** What users should know of an SVM that cannot serve data now. */
export function noteOf({ name, state, subtype }: Svm): string | undefined {
  if (subtype === 'dp_destination')
    return `SVM ${name} is the target of an SVM disaster recovery relation: its data ports are down, so its volumes cannot be read.`;
  if (state !== 'running') return `SVM ${name} is ${state}: its volumes cannot be read.`;
  return undefined;
}
