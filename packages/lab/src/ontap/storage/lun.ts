import { z } from 'zod';

export const lunOsTypes = [
  'aix',
  'hpux',
  'hyper_v',
  'linux',
  'netware',
  'openvms',
  'solaris',
  'solaris_efi',
  'vmware',
  'windows',
  'windows_2008',
  'windows_gpt',
  'xen',
] as const;

/**
 * What a LUN carries with its bytes into storage snapshots, replicas and clones. Its uuid, serial number, state and
 * mapping are not among it: those belong to the LUN of one volume.
 */
export const lunFactsSchema = z.object({
  /** Path below the volume. */
  name: z.string(),
  osType: z.enum(lunOsTypes),
  comment: z.string(),
  createMs: z.number(),
  isSpaceReserved: z.boolean(),
  attributes: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type LunFacts = z.infer<typeof lunFactsSchema>;
