import { trustSchema } from '@leeward/platform';
import { z } from 'zod';

const portSchema = z.int().min(1).max(65_535);

const login = { username: z.string().min(1).max(128), password: z.string().min(12).max(128) };

/** How to reach one ONTAP cluster. `host` is the cluster management address (or a name of it). */
export const ontapSettingsSchema = z.strictObject({
  family: z.literal('ontap'),
  host: z.string().min(1),
  port: portSchema.default(443),
  username: z.string().min(1),
  password: z.string(),
  trust: trustSchema,
  /** Ports of data addresses that do not use the ones the port mapper tells (simulators, unusual set-ups). */
  nfsPorts: z.record(z.string(), z.strictObject({ nfsPort: portSchema, mountPort: portSchema })).default({}),
  /** The same for iSCSI portals. */
  iscsiPorts: z.record(z.string(), portSchema).default({}),
  /**
   * Asked of proxies when they log in over iSCSI; absent: none. ONTAP gets it for each proxy that has no entry of
   * its own there. `mutual`: what ONTAP in turn proves itself with ("outbound").
   */
  chap: z
    .strictObject({ ...login, mutual: z.strictObject(login).optional() })
    .refine(({ password, mutual }) => mutual?.password !== password, {
      path: ['mutual', 'password'],
      message: 'the two CHAP passwords must differ',
    })
    .optional(),
});

export type OntapSettings = z.infer<typeof ontapSettingsSchema>;
