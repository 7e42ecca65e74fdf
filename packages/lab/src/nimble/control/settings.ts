import { z } from 'zod';
import { clockAnchorSchema } from '../../control/shifting-clock.ts';

/** Settings that can be changed while the group runs; absent ones stay. */
export const settingsSchema = z
  .object({
    replicationBytesPerSecond: z.number().min(0),
    replicationLatencyMs: z.number().min(0),
    replicationGiveUpMs: z.number().positive(),
    operationMs: z.number().min(0),
    asynchronous: z.array(z.string()),
    pageRows: z.number().int().min(1).max(1024),
    snapshotFilterRequired: z.boolean(),
    sparseSnapshotRows: z.boolean(),
    replicaDelete: z.enum(['allowed', 'not-owner', 'unsupported']),
    replicaRowDelayMs: z.number().min(0),
    resyncMs: z.number().min(0),
    switchoverMs: z.number().min(0),
    syncNeedsReplicate: z.boolean(),
    peerDelete: z.enum(['independent', 'both']),
    peerMarks: z.enum(['none', 'description', 'all']),
    peerIsReplica: z.boolean(),
    peerRowDelayMs: z.number().min(0),
    soloSnapshots: z.enum(['allowed', 'refused']),
    lostState: z.enum(['out_of_sync', 'unknown']),
    pairIdentity: z.enum(['serial_number', 'secondary_serial_number']),
    clockSpeed: z.number().positive().max(10_000),
    jumpMs: z.number().min(0),
    clock: clockAnchorSchema,
    /** Ports of the replication doors of partners, by the partner's name. */
    partnerPorts: z.record(z.string(), z.number().int().min(1).max(65535)),
    /** The whole group: management, replication and data. */
    reachable: z.boolean(),
    /** The link to partners alone. */
    linkUp: z.boolean(),
  })
  .partial()
  .strict();
export type Settings = z.infer<typeof settingsSchema>;
