import type { ArrayInventory, LockAbility, Relation, SyncFacts, Volume } from '@leeward/core';
import type { Services } from '@leeward/engine';
import { z } from 'zod';
import { named } from './named.ts';

const protocol = z.enum(['nfs', 'iscsi', 'fc']);
export const objectId = named(
  'ArrayObjectId',
  z.object({ arraySerial: z.string(), objectId: z.string() }).describe('Identity of an object on an array'),
);
export const relationKind = z.enum(['transfer', 'sync']);
export const transferPolicy = z.enum(['mirror', 'vault', 'mirror-vault', 'snapshot-replication', 'other']);

const identity = z.object({
  serial: z.string(),
  name: z.string(),
  family: z.string(),
  brand: z.string(),
  model: z.string(),
  version: z.string(),
  twoSites: z.string().optional(),
  nodes: z.array(z.object({ name: z.string(), model: z.string(), serial: z.string() })),
  licences: z.array(z.object({ name: z.string(), usable: z.boolean(), state: z.string() })),
});

const lockAbility = z
  .discriminatedUnion('possible', [
    z.object({
      possible: z.literal(true),
      maxMs: z.number().optional().describe('Longest lock, milliseconds'),
    }),
    z.object({ possible: z.literal(false), why: z.string() }),
  ])
  .describe('Whether the array locks storage snapshots of it') satisfies z.ZodType<LockAbility>;

const volume = z.object({
  id: objectId,
  name: z.string(),
  tenant: z.string(),
  tenantId: z.string(),
  sizeBytes: z.number(),
  access: z.enum(['read-write', 'read-only-replica']),
  online: z.boolean(),
  nfsPath: z.string().optional(),
  exportPolicy: z.string().optional(),
  isClone: z.boolean(),
  luns: z
    .array(
      z.object({
        id: z.string(),
        path: z.string(),
        sizeBytes: z.number(),
        serial: z.string(),
        scsiNames: z.array(z.string()),
        online: z.boolean(),
      }),
    )
    .optional(),
  frozenWith: z.array(z.string()).optional().describe('Volumes that each storage snapshot freezes too'),
  instantGroups: z
    .array(z.array(z.string()))
    .optional()
    .describe('Sets of volumes that can be frozen at one instant, only as a whole'),
  locks: lockAbility.optional().describe('Missing: the family has no locks'),
}) satisfies z.ZodType<Volume>;

const end = z.object({
  volume: objectId.optional(),
  arrayName: z.string(),
  arraySerial: z.string().optional(),
  tenant: z.string(),
  tenantId: z.string().optional(),
  volumeName: z.string(),
});

export const syncFacts = z.object({
  state: z.enum(['in-sync', 'resyncing', 'out-of-sync', 'unreachable', 'unknown']),
  resyncPercent: z.number().optional(),
  primarySide: z.string(),
  secondarySide: z.string(),
  decidedBy: z.string().describe('By what it was decided which side is the secondary'),
  automaticSwitchover: z.boolean(),
  failsOver: z.boolean().optional().describe('`false`: the family has no failover to primary'),
}) satisfies z.ZodType<SyncFacts>;

const relation = z.object({
  id: objectId,
  kind: relationKind,
  policy: transferPolicy,
  policyName: z.string(),
  usable: z.boolean(),
  unusable: z.string().optional(),
  reportedBy: z.enum(['primary', 'secondary']),
  source: end,
  destination: end,
  health: z.object({
    healthy: z.boolean(),
    state: z.enum(['active', 'paused', 'broken-off', 'uninitialized', 'other']),
    reasons: z.array(z.string()),
    lagMs: z.number().optional(),
    detected: z.boolean().optional().describe('Of `sync`: both sides were in sync and reachable'),
  }),
  sync: syncFacts.optional().describe('Of `sync` relations'),
  retention: z.array(z.object({ label: z.string(), keep: z.number() })),
  firstHopOnly: z.string().optional().describe('Why it can be no later hop of a cascade'),
}) satisfies z.ZodType<Relation>;

export const arrayInventory = named(
  'ArrayInventory',
  z.object({
    identity,
    volumes: z.array(volume),
    dataPorts: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        tenantId: z.string(),
        address: z.string(),
        node: z.string().optional(),
        iscsiPort: z.int().optional(),
        protocols: z.array(protocol),
        up: z.boolean(),
      }),
    ),
    relations: z.array(relation),
    notes: z.array(z.string()).describe('What was seen but cannot be used'),
    missing: z
      .array(
        z.object({
          capability: z.enum(['storage-snapshot', 'transfer', 'clone', 'nfs', 'iscsi']),
          tenantId: z.string().optional(),
          licence: z.string().optional(),
          text: z.string(),
        }),
      )
      .optional()
      .describe('What the array could do by its kind but cannot do now'),
  }) satisfies z.ZodType<ArrayInventory>,
);

export const arrayChecks = z.array(
  z.object({ name: z.string(), ok: z.boolean(), text: z.string(), required: z.boolean() }),
) satisfies z.ZodType<Awaited<ReturnType<Services['systems']['testArray']>>>;

export const requiredPermissions = z.array(
  z.object({
    path: z.string(),
    access: z.enum(['readonly', 'all']),
    why: z.string(),
    side: z.enum(['both', 'primary', 'secondary']),
  }),
) satisfies z.ZodType<ReturnType<Services['systems']['permissions']>>;
