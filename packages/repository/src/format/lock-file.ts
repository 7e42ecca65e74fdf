import { z } from 'zod';

/** Who holds the repository. Stock restic reads and writes the same. */
export const lockSchema = z.object({
  time: z.string(),
  exclusive: z.boolean(),
  hostname: z.string().default(''),
  username: z.string().default(''),
  pid: z.number().int().default(0),
  uid: z.number().int().optional(),
  gid: z.number().int().optional(),
});

export type LockFile = z.infer<typeof lockSchema>;
