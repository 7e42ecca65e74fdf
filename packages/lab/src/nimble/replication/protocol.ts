import { z } from 'zod';

/** What the upstream group asks of the downstream one. Lineages name things that both sides hold. */
const scheduleSchema = z.object({
  lineage: z.string(),
  name: z.string(),
  description: z.string(),
  type: z.enum(['regular', 'external_trigger']),
  period: z.number(),
  periodUnit: z.enum(['minutes', 'hours', 'days', 'weeks']),
  atTimeSeconds: z.number(),
  untilTimeSeconds: z.number(),
  days: z.string(),
  retain: z.number(),
  retainReplica: z.number(),
  replicateEvery: z.number(),
  alertThresholdSeconds: z.number(),
  disableAppSync: z.boolean(),
});

const volumeSchema = z.object({
  lineage: z.string(),
  name: z.string(),
  description: z.string(),
  sizeMib: z.number(),
  blockSize: z.number(),
});

const helloSchema = z.object({
  method: z.literal('hello'),
  groupName: z.string(),
  groupUid: z.string(),
  arraySerial: z.string(),
  secret: z.string(),
});

const pair = { volume: z.string(), snapshot: z.string() };

export const requestSchema = z.discriminatedUnion('method', [
  helloSchema,
  /** Mirrors names, volumes and schedules before any data. */
  z.object({
    method: z.literal('configure'),
    collection: z.object({ lineage: z.string(), name: z.string(), description: z.string() }),
    schedules: z.array(scheduleSchema),
    volumes: z.array(volumeSchema),
  }),
  /** Begins a storage snapshot's data, or goes on with it. */
  z.object({ method: z.literal('begin'), ...pair, base: z.string().optional() }),
  /** Chunk and 1 for a hole (then no bytes in the body), and where to go on. */
  z.object({
    method: z.literal('write'),
    ...pair,
    chunks: z.array(z.tuple([z.number(), z.union([z.literal(0), z.literal(1)])])),
    next: z.number(),
  }),
  z.object({
    method: z.literal('commit'),
    collection: z.string(),
    snapshotCollection: z.object({
      lineage: z.string(),
      name: z.string(),
      description: z.string(),
      createdMs: z.number(),
      scheduleLineage: z.string().optional(),
      scheduleName: z.string(),
      isManual: z.boolean(),
      isExternalTrigger: z.boolean(),
      metadata: z.array(z.tuple([z.string(), z.string()])),
      bytes: z.number(),
    }),
    snapshots: z.array(z.object({ ...pair, name: z.string(), description: z.string(), sizeMib: z.number() })),
  }),
  z.object({ method: z.literal('abandon'), ...pair }),
  /** The last step of a handover: the downstream side becomes the owner. */
  z.object({ method: z.literal('takeOver'), collection: z.string(), reverse: z.boolean() }),
  /** Asked by the downstream side: the upstream one takes a snapshot collection. */
  z.object({
    method: z.literal('takeCollection'),
    collection: z.string(),
    data: z.record(z.string(), z.unknown()),
  }),
]);
export type ReplicationRequest = z.infer<typeof requestSchema>;
export type Hello = z.infer<typeof helloSchema>;
export type ConfigureRequest = Extract<ReplicationRequest, { method: 'configure' }>;
export type BeginRequest = Extract<ReplicationRequest, { method: 'begin' }>;
export type WriteRequest = Extract<ReplicationRequest, { method: 'write' }>;
export type CommitRequest = Extract<ReplicationRequest, { method: 'commit' }>;

export const greetingSchema = z.object({
  groupName: z.string(),
  groupUid: z.string(),
  arraySerial: z.string(),
});

/** Storage snapshots that the replica of each volume holds, by their lineage. */
export const configuredSchema = z.object({
  held: z.record(z.string(), z.array(z.string())),
});

/** Where the data go on: first chunk not there yet, and bytes received. */
export const begunSchema = z.object({ next: z.number(), bytes: z.number() });
