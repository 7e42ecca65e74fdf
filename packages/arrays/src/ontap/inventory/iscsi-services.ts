import { isError } from '@leeward/core';
import { z } from 'zod';
import { refusedWith } from '../../rest/refused.ts';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';
import { noReference, referenceSchema } from './references.ts';

const serviceSchema = z.object({
  svm: referenceSchema.default(noReference),
  enabled: z.boolean().default(true),
  target: z.object({ name: z.string().default('') }).default({ name: '' }),
});

export type IscsiService = z.infer<typeof serviceSchema>;

const path = '/protocols/san/iscsi/services';
const fields = 'svm,enabled,target.name';
const noServiceCodes = new Set(['5374078']);

export function listIscsiServices(array: OntapArray, signal?: AbortSignal): Promise<IscsiService[]> {
  return readAll(array.rest, serviceSchema, path, { fields }, signal);
}

/** The iSCSI service of one SVM, or `undefined` when it has none. */
export async function readIscsiService(
  array: OntapArray,
  svmUuid: string,
  signal?: AbortSignal,
): Promise<IscsiService | undefined> {
  try {
    const one = `${path}/${encodeURIComponent(svmUuid)}`;
    return await array.rest.get(serviceSchema, one, { fields }, signal);
  } catch (error) {
    if (isError(error, 'L-ARR-009') || refusedWith(error, noServiceCodes)) return undefined;
    throw error;
  }
}

/** Why iSCSI cannot be used, or `undefined` when it can. */
export function whyNoIscsi(service: IscsiService | undefined): string | undefined {
  if (!service) return 'it has no iSCSI service';
  return service.enabled ? undefined : 'the iSCSI service is disabled';
}
