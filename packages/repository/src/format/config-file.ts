import { z } from 'zod';

/** The only format version that Leeward writes and reads. */
export const repositoryVersion = 2;
export const defaultBlockBytes = 512 * 1024;
const minBlockBytes = 256 * 1024;
const maxBlockBytes = 4 * 1024 * 1024;

/** What is common to all repositories of the format, whatever the version. */
export const configVersionSchema = z.object({ version: z.number().int() });

/**
 * The file `config`. `leeward` is a field of our own, which stock restic ignores and keeps nowhere else; a
 * repository without it (made by restic) gets our default.
 */
export const configSchema = z.object({
  version: z.literal(repositoryVersion),
  id: z.string().regex(/^[0-9a-f]{64}$/),
  chunker_polynomial: z.string().regex(/^[0-9a-f]+$/),
  leeward: z
    .object({ block_size: z.number().refine(isBlockSize) })
    .optional()
    .catch(undefined),
});

export type RepositoryConfig = z.infer<typeof configSchema>;

/** Powers of two, so that blocks never straddle the extents of a disk. */
export function isBlockSize(bytes: number): boolean {
  return bytes >= minBlockBytes && bytes <= maxBlockBytes && Number.isInteger(Math.log2(bytes));
}

export function blockBytesOf(config: RepositoryConfig): number {
  return config.leeward?.block_size ?? defaultBlockBytes;
}
