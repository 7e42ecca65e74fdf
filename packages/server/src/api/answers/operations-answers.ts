import type { ConfigurationPlan, MadeServerBackup, Readiness } from '@leeward/engine';
import { z } from 'zod';
import { named } from './named.ts';

export const readiness = named(
  'Readiness',
  z.object({
    ready: z.boolean(),
    parts: z.array(
      z.object({
        name: z.enum(['database', 'flows', 'proxy']),
        ready: z.boolean(),
        problem: z.string().optional(),
      }),
    ),
  }) satisfies z.ZodType<Readiness>,
);

const entry = z.looseObject({ name: z.string() });

export const configuration = named(
  'Configuration',
  z
    .object({
      apiVersion: z.literal('leeward/v1'),
      vcenters: z.array(entry),
      arrays: z.array(entry),
      repositories: z.array(entry),
      jobs: z.array(entry),
      channels: z.array(entry),
      settings: z.record(z.string(), z.unknown()),
    })
    .describe('With the fields of the operations that make these objects'),
);

const secretFrom = z.union([z.object({ env: z.string() }), z.object({ file: z.string() })]);

export const configurationPlan = named(
  'ConfigurationPlan',
  z.object({
    steps: z
      .array(
        z.object({
          kind: z.enum(['vcenter', 'array', 'repository', 'job', 'channel', 'settings']),
          name: z.string(),
          action: z
            .enum(['create', 'change', 'unchanged', 'surplus'])
            .describe('`surplus`: on the server and not in the document; it stays unless it is removed'),
          changes: z.array(
            z.object({ field: z.string(), from: z.unknown().optional(), to: z.unknown().optional() }),
          ),
          request: z
            .object({
              method: z.enum(['POST', 'PATCH', 'DELETE']),
              path: z.string(),
              body: z.record(z.string(), z.unknown()).optional(),
            })
            .optional()
            .describe('The operation that does it; its body lacks the secrets'),
          secrets: z.array(z.object({ field: z.string(), from: secretFrom })),
        }),
      )
      .describe('In the order in which they have to be done'),
  }) satisfies z.ZodType<ConfigurationPlan>,
);

export const madeServerBackup = named(
  'ServerBackup',
  z.object({
    repository: z.string(),
    snapshotId: z.string().describe('Of the restic snapshot'),
    madeAt: z.string(),
    tables: z.int(),
    rows: z.int(),
    sizeBytes: z.int().describe('Before compression'),
  }) satisfies z.ZodType<MadeServerBackup>,
);
