import { z } from 'zod';
import { noReference, referenceSchema } from './references.ts';

const endpointSchema = z.object({
  path: z.string().default(''),
  svm: referenceSchema.default(noReference),
  cluster: referenceSchema.optional(),
  /** Of a relation between consistency groups, when asked for. */
  consistency_group_volumes: z.array(z.object({ name: z.string().default('') })).default([]),
});

const noEndpoint = { path: '', svm: noReference, consistency_group_volumes: [] };

export const transferStateSchema = z.object({
  uuid: z.string().optional(),
  state: z.string().optional(),
  bytes_transferred: z.number().optional(),
});

const reasonSchema = z.object({
  message: z.string().default(''),
  code: z.union([z.string(), z.number()]).optional(),
});

/** A SnapMirror relationship; which keys are there depends on the release and on the side that tells it. */
export const relationSchema = z.object({
  uuid: z.string(),
  source: endpointSchema.default(noEndpoint),
  destination: endpointSchema.default(noEndpoint),
  policy: z
    .object({ name: z.string().default(''), uuid: z.string().default(''), type: z.string().default('') })
    .default({ name: '', uuid: '', type: '' }),
  state: z.string().default(''),
  healthy: z.boolean().optional(),
  unhealthy_reason: z.array(reasonSchema).default([]),
  lag_time: z.string().optional(),
  exported_snapshot: z.string().optional(),
  group_type: z.string().optional(),
  transfer: transferStateSchema.optional(),
});

export type RelationRecord = z.infer<typeof relationSchema>;

/** The array's own words for what is wrong with a relation. */
export function reasonsOf({ unhealthy_reason }: RelationRecord): string[] {
  return unhealthy_reason.map(({ message, code }) =>
    code === undefined ? message : `${message} (code ${code})`,
  );
}
