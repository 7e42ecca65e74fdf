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
]);
export type InterclusterRequest = z.infer<typeof requestSchema>;
