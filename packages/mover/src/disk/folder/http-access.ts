import { trustSchema } from '@leeward/platform/https/trust';
import { z } from 'zod';

const text = z.string().min(1);

/** How a reader logs in. All but `gate` hold a secret. */
export const httpLoginSchema = z.discriminatedUnion('kind', [
  /** The session cookie that the server sets is used from the first answer on, one session per reader. */
  z.object({ kind: z.literal('basic'), username: text, password: text }),
  /** A session that somebody else keeps alive, as `name=value`. It is not made anew when it ends. */
  z.object({ kind: z.literal('session'), cookie: text }),
  /**
   * Asks a `HostGate` of this process, on whatever thread: it holds the login and counts the requests of all readers.
   * The only kind that carries no secret, and the one for backups.
   */
  z.object({ kind: z.literal('gate'), channel: text }),
]);

/**
 * Files of a datastore through the `/folder` door of vCenter or of an ESXi host. `login` may hold a password or a
 * cookie: held in memory only, it MUST NOT be logged, journaled or put into an error.
 */
export const httpFolderAccessSchema = z.object({
  protocol: z.literal('http'),
  host: text,
  port: z.number().int().min(1).max(65535).optional(),
  trust: trustSchema,
  /** Inventory path of the datacenter without a slash in front; '' leaves it out, as for an ESXi host. */
  datacenterPath: z.string(),
  /** Name of the datastore as the API gives it. */
  datastore: text,
  /** Where the files begin, relative to the datastore; '' is the datastore itself. */
  rootPath: z.string(),
  login: httpLoginSchema,
  /** Requests at once of this reader, unless a gate counts them for all. Default 4. */
  maxRequests: z.number().int().min(1).max(64).optional(),
});

export type HttpFolderAccess = z.infer<typeof httpFolderAccessSchema>;
export type HttpLogin = z.infer<typeof httpLoginSchema>;
