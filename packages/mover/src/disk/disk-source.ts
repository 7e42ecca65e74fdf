import { z } from 'zod';
import { folderAccessSchema } from './folder-access.ts';

const bytes = z.number().int().nonnegative();

export const fileSourceSchema = z.object({
  kind: z.literal('file'),
  path: z.string().min(1),
  sizeBytes: bytes,
});

export const chainFolderSchema = z.object({
  /** Unique among the folders; the datastore's name, shown in errors. */
  name: z.string().min(1),
  /** First components below `/vmfs/volumes/` by which absolute parent hints name it: its UUID, its label. */
  hints: z.array(z.string().min(1)),
  access: folderAccessSchema,
});

export const chainSourceSchema = z
  .object({
    kind: z.literal('chain'),
    /** All datastores that may hold files of the chain. Opened when a file of it is needed. */
    folders: z.array(chainFolderSchema).min(1),
    /** Position of the folder that holds the descriptor. */
    folder: z.number().int().nonnegative(),
    /** The descriptor that the VMware snapshot froze, relative to its folder. */
    path: z.string().min(1),
    sizeBytes: bytes,
  })
  .refine(({ folders, folder }) => folder < folders.length, { message: 'there is no such folder' })
  .refine(({ folders }) => new Set(folders.map(({ name }) => name)).size === folders.length, {
    message: 'two folders have the same name',
  });

/**
 * Where the bytes of a disk are read from. JSON: it crosses processes and threads. It may hold a password or cookie, so
 * it MUST NOT be logged or journaled.
 */
export const diskSourceSchema = z.discriminatedUnion('kind', [fileSourceSchema, chainSourceSchema]);

export type DiskSource = z.infer<typeof diskSourceSchema>;
export type FileSource = z.infer<typeof fileSourceSchema>;
export type ChainSource = z.infer<typeof chainSourceSchema>;
export type ChainFolder = z.infer<typeof chainFolderSchema>;
