import { z } from 'zod';
import { lunFactsSchema } from '../storage/lun.ts';

/** What the clusters of a pair ask each other. Own protocol of the lab: the real one is not public. */
export const factsSchema = z.object({
  id: z.number(),
  type: z.enum(['file', 'directory', 'symlink']),
  parent: z.number(),
  mode: z.number(),
  uid: z.number(),
  gid: z.number(),
  sizeBytes: z.number(),
  accessedMs: z.number(),
  modifiedMs: z.number(),
  changedMs: z.number(),
  link: z.string(),
  lun: lunFactsSchema.optional(),
});

export const snapshotFactsSchema = z.object({
  name: z.string(),
  versionUuid: z.string(),
  createMs: z.number(),
  label: z.string(),
  comment: z.string(),
  byRelation: z.boolean(),
});
export type SnapshotFacts = z.infer<typeof snapshotFactsSchema>;

export const volumeFactsSchema = z.object({
  uuid: z.string(),
  svmUuid: z.string(),
  sizeBytes: z.number(),
  snapshots: z.array(snapshotFactsSchema),
  /** It is itself the destination of a relation, so that nothing can be frozen on it. */
  isReplica: z.boolean(),
  /** Name of the storage snapshot that it shows as its live files; only of a replica that has its baseline. */
  exported: z.string().optional(),
  /** Serial numbers of its LUNs by inode. */
  lunSerials: z.array(z.tuple([z.number(), z.string()])),
});
export type VolumeFacts = z.infer<typeof volumeFactsSchema>;

export const helloSchema = z.object({
  name: z.string(),
  uuid: z.string(),
  serialNumber: z.string(),
  address: z.string(),
  snapmirrorLicensed: z.boolean(),
  svms: z.array(z.object({ name: z.string(), uuid: z.string() })),
});
export type Hello = z.infer<typeof helloSchema>;

/** Place in the ordered differences of two storage snapshots. */
export const cursorSchema = z.object({ inode: z.number(), chunk: z.number() });
export type Cursor = z.infer<typeof cursorSchema>;

export const differenceSchema = z.object({
  /** Inode, chunk, 1 for a hole (then no bytes in the body). */
  chunks: z.array(z.tuple([z.number(), z.number(), z.union([z.literal(0), z.literal(1)])])),
  next: cursorSchema.optional(),
});

export const inodesSchema = z.object({
  inodes: z.array(z.object({ facts: factsSchema, entries: z.array(z.tuple([z.string(), z.number()])) })),
  next: z.number().optional(),
});

const pair = { volume: z.string(), version: z.string() };

/** A relation between consistency groups as it is after a failover. */
const turn = {
  sourceSvm: z.string(),
  destinationSvm: z.string(),
  source: z.string(),
  destination: z.string(),
  policy: z.string(),
  volumes: z.array(z.object({ source: z.string(), destination: z.string() })),
};

export const destinationSchema = z.object({
  relation: z.string(),
  sourceSvm: z.string(),
  sourceVolume: z.string(),
  destinationPath: z.string(),
  destinationSvm: z.object({ name: z.string(), uuid: z.string() }),
  destinationCluster: z.object({ name: z.string(), uuid: z.string() }),
  policyName: z.string(),
  policyUuid: z.string(),
  policyType: z.enum(['async', 'sync', 'continuous']),
  /** Of a relation that replicates each write at once. */
  sync: z
    .object({
      strict: z.boolean(),
      /** Labels of the policy's rules. */
      labels: z.array(z.string()),
      /** Release of the destination. */
      minor: z.number(),
      /** The relation between consistency groups that it is a part of. */
      group: z.string().optional(),
      groupPaths: z.object({ source: z.string(), destination: z.string() }).optional(),
    })
    .optional(),
});
export type DestinationFacts = z.infer<typeof destinationSchema>;

export const requestSchema = z.discriminatedUnion('method', [
  z.object({ method: z.literal('hello'), token: z.string() }),
  z.object({ method: z.literal('volume'), svm: z.string(), volume: z.string() }),
  z.object({
    method: z.literal('createSnapshot'),
    volume: z.string(),
    name: z.string(),
    relation: z.string(),
  }),
  z.object({ method: z.literal('inodes'), ...pair, from: z.number() }),
  z.object({ method: z.literal('measure'), ...pair, base: z.string().optional() }),
  z.object({
    method: z.literal('difference'),
    ...pair,
    base: z.string().optional(),
    from: cursorSchema,
    maxChunks: z.number(),
  }),
  z.object({ method: z.literal('hold'), ...pair, relation: z.string() }),
  z.object({ method: z.literal('release'), relation: z.string() }),
  z.object({ method: z.literal('register'), destination: destinationSchema }),
  /** Destination to source: are we in sync still? */
  z.object({ method: z.literal('syncPulse'), relation: z.string() }),
  /** Destination to source: from now on we are in sync, or are no longer meant to be. */
  z.object({ method: z.literal('syncBegin'), relation: z.string() }),
  z.object({ method: z.literal('syncEnd'), relation: z.string() }),
  /** Source to destination: these storage snapshots were taken now. */
  z.object({ method: z.literal('syncSnapshots'), relation: z.string(), versions: z.array(z.string()) }),
  z.object({ method: z.literal('syncDelete'), relation: z.string(), version: z.string() }),
  z.object({ method: z.literal('syncTurn'), ...turn }),
]);
export type SyncRequest = Extract<InterclusterRequest, { method: `sync${string}` }>;
export const isSyncRequest = (request: InterclusterRequest): request is SyncRequest =>
  request.method.startsWith('sync');
export type InterclusterRequest = z.infer<typeof requestSchema>;
