import { trustSchema } from '@leeward/platform';
import { z } from 'zod';

const portSchema = z.int().min(1).max(65_535);

/** How to reach one NimbleOS group. `host` is the group management address (or a name of it). */
export const nimbleSettingsSchema = z.strictObject({
  family: z.literal('nimble'),
  host: z.string().min(1),
  port: portSchema.default(5392),
  username: z.string().min(1),
  password: z.string(),
  trust: trustSchema,
  /** Demanded of proxies when they log in; absent: none. The user is made on the array when it is missing. */
  chap: z
    .strictObject({
      username: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.:-]{0,63}$/),
      password: z.string().min(12).max(16),
      // The REST interface has a secret of the initiator's alone (fields of `chap_users`).
      mutual: z
        .undefined({ error: 'NimbleOS has no secret that its targets could prove themselves with' })
        .optional(),
    })
    .optional(),
  /** Ports of data addresses that are not the protocol's own (simulators, unusual set-ups). */
  iscsiPorts: z.record(z.string(), portSchema).default({}),
});

export type NimbleSettings = z.infer<typeof nimbleSettingsSchema>;
