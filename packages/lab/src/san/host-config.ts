import { z } from 'zod';

/** The door for simulated hosts (`HostLuns`); absent in an array's config: there is none. */
export const hostDoorSchema = z.object({
  address: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65535).default(0),
  token: z.string().min(8),
});
