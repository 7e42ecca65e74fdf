import { z } from 'zod';

const idText = z.string().regex(/^[0-9a-f]{64}$/);

/** The file of one restic snapshot, which is one point. What we do not use of foreign ones is left out. */
export const snapshotSchema = z.object({
  time: z.string(),
  parent: idText.optional(),
  tree: idText,
  paths: z.array(z.string()).nullish(),
  hostname: z.string().optional(),
  username: z.string().optional(),
  tags: z.array(z.string()).nullish(),
  program_version: z.string().optional(),
});

export type SnapshotFile = z.infer<typeof snapshotSchema>;
