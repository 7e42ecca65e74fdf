import { z } from 'zod';
import { clockAnchorSchema } from '../../control/shifting-clock.ts';

/** Settings that can be changed while the cluster runs; absent ones stay. */
export const settingsSchema = z
  .object({
    transferBytesPerSecond: z.number().min(0),
    operationMs: z.number().min(0),
    clockSpeed: z.number().positive().max(10_000),
    jumpMs: z.number().min(0),
    clock: clockAnchorSchema,
    /** Port of the peer's intercluster door. */
    peerPort: z.number().int().min(1).max(65535),
    /** The same of the clusters in `peers`, by name. */
    peerPorts: z.record(z.string(), z.number().int().min(1).max(65535)),
    reachable: z.boolean(),
    /** The way of synchronous replication alone: both clusters stay reachable. Set it on both. */
    syncLink: z.boolean(),
    vaultDelete: z.enum(['allowed', 'refused']),
    complianceClock: z.enum(['runs', 'not-initialized']),
    mappedVolumes: z.enum(['kept', 'removed']),
    volumesPerSvm: z.number().int().min(1),
    addLicenses: z.array(z.string()),
    removeLicenses: z.array(z.string()),
  })
  .partial()
  .strict();
export type Settings = z.infer<typeof settingsSchema>;
