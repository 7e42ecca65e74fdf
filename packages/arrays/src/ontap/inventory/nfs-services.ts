import { isError } from '@leeward/core';
import { z } from 'zod';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';
import { noReference, referenceSchema } from './references.ts';

const serviceSchema = z.object({
  svm: referenceSchema.default(noReference),
  enabled: z.boolean().default(true),
  state: z.string().optional(),
  protocol: z.object({ v3_enabled: z.boolean().optional() }).default({}),
});

export type NfsService = z.infer<typeof serviceSchema>;

const fields = 'svm,enabled,state,protocol.v3_enabled';

export function listNfsServices(array: OntapArray, signal?: AbortSignal): Promise<NfsService[]> {
  return readAll(array.rest, serviceSchema, '/protocols/nfs/services', { fields }, signal);
}

/** The NFS service of one SVM, or `undefined` when it has none. */
export async function readNfsService(
  array: OntapArray,
  svmUuid: string,
  signal?: AbortSignal,
): Promise<NfsService | undefined> {
  try {
    const path = `/protocols/nfs/services/${encodeURIComponent(svmUuid)}`;
    return await array.rest.get(serviceSchema, path, { fields }, signal);
  } catch (error) {
    if (isError(error, 'L-ARR-009')) return undefined;
    throw error;
  }
}

/** Why NFS version 3 cannot be used, or `undefined` when it can. */
export function whyNoNfs3(service: NfsService | undefined): string | undefined {
  if (!service) return 'it has no NFS service';
  if (!service.enabled) return 'the NFS service is disabled';
  if (service.state !== undefined && service.state !== 'online') return `the NFS service is ${service.state}`;
  return service.protocol.v3_enabled === false ? 'version 3 is disabled' : undefined;
}
