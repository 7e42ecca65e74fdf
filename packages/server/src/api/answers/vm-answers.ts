import type { ProtectionCounts, SeenRelation, TopologyPath, VmSummary } from '@leeward/engine';
import { z } from 'zod';
import { syncFacts } from './array-answers.ts';
import { named } from './named.ts';
import { source } from './plan-answer.ts';
import { errorReport } from './problem-answer.ts';

const place = z.object({ array: z.string(), tenant: z.string(), volume: z.string() });

const relation = z.object({
  kind: z.string(),
  policy: z.string(),
  policyName: z.string(),
  state: z.string(),
  healthy: z.boolean(),
  lagMs: z.number().optional(),
  sync: syncFacts.optional().describe('Of `sync` relations'),
});

export const topologyPath = named(
  'TopologyPath',
  z.object({
    vm: z.string(),
    vmPath: z.string(),
    datastore: z.string(),
    primary: place.optional().describe('Missing: no registered array has the datastore'),
    relation: relation.optional(),
    via: z
      .array(place)
      .optional()
      .describe('Of a cascade: the volumes between primary and secondary; `relation` is then its last hop'),
    secondary: place.optional(),
    proxies: z.array(z.string()).describe('Names of the proxies that are online'),
    problem: errorReport.optional().describe('Why the path cannot be used now'),
  }) satisfies z.ZodType<TopologyPath>,
);

export const seenRelation = named(
  'SeenRelation',
  z.object({
    source: place,
    destination: place,
    relation,
    vms: z.int().describe('VMs with a disk on its source'),
  }) satisfies z.ZodType<SeenRelation>,
);

const count = z.int().min(0);

export const vmSummary = named(
  'Vm',
  z.object({
    key: z.string().describe('vCenter and managed object id: its identity'),
    vcenterId: z.string(),
    vcenterName: z.string(),
    moId: z.string(),
    name: z.string(),
    path: z.string().describe('Inventory path'),
    poweredOn: z.boolean(),
    isTemplate: z.boolean(),
    encrypted: z.boolean(),
    provisionedBytes: count,
    disks: count,
    datastores: z.array(z.string()).describe('Names'),
    protection: z
      .enum(['in-time', 'late', 'never'])
      .describe('`late`: its newest copy is older than asked for; `never`: it has none'),
    lastPoint: z
      .object({ id: z.string(), runId: z.string(), createdAt: z.iso.datetime(), source })
      .optional(),
    lastKeptAt: z.iso.datetime().optional().describe('When storage snapshots alone froze it last'),
    jobs: z
      .array(z.object({ id: z.string(), name: z.string() }))
      .describe('In which its name, path or id stands'),
    problem: errorReport.optional().describe('Why it cannot be read from a secondary array'),
  }) satisfies z.ZodType<VmSummary>,
);

export const protectionCounts = named(
  'ProtectionCounts',
  z.object({ total: count, inTime: count, late: count, never: count }) satisfies z.ZodType<ProtectionCounts>,
);
