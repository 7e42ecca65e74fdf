import { z } from 'zod';
import { diskFactsSchema } from './vmdk-descriptor.ts';

export const pointDocumentName = 'point.json';

/**
 * The part of `point.json` that a restore needs. Beside it stands what the caller knows about the VM and the run,
 * which is kept as it is.
 */
export const pointLayoutSchema = z.object({
  formatVersion: z.literal(1),
  vmName: z.string(),
  blockBytes: z.number().int().positive(),
  disks: z.array(
    z.object({ name: z.string(), sizeBytes: z.number().int().nonnegative(), descriptor: diskFactsSchema }),
  ),
  /** Configuration files, by the names that the caller gave. */
  files: z.array(z.string()),
});

export type PointLayout = z.infer<typeof pointLayoutSchema>;

export const pointDocumentSchema = z.looseObject({ layout: pointLayoutSchema });

export type PointDocument = z.infer<typeof pointDocumentSchema>;
