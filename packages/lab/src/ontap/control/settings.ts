import { z } from 'zod';

/** Settings that can be changed while the cluster runs; absent ones stay. */
export const settingsSchema = z
  .object({
    transferBytesPerSecond: z.number().min(0),
    operationMs: z.number().min(0),
    clockSpeed: z.number().positive().max(10_000),
    jumpMs: z.number().min(0),
    /** Port of the peer's intercluster door. */
    peerPort: z.number().int().min(1).max(65535),
    reachable: z.boolean(),
    vaultDelete: z.enum(['allowed', 'refused']),
    mappedVolumes: z.enum(['kept', 'removed']),
    volumesPerSvm: z.number().int().min(1),
    addLicenses: z.array(z.string()),
    removeLicenses: z.array(z.string()),
  })
  .partial()
  .strict();
export type Settings = z.infer<typeof settingsSchema>;
