import { objectKey, type VolumePlan } from '@leeward/core';
import { z } from 'zod';
import { pairOf, relationKey } from './sync-pair.ts';

/** What the journal keeps of a storage snapshot. */
export const storageSnapshotDetailSchema = z.object({
  volume: z.object({ arraySerial: z.string(), objectId: z.string() }),
  volumeName: z.string(),
  role: z.enum(['temporary', 'long-term', 'auxiliary']),
  /** Relation over which it went, as `relationKey`. */
  relation: z.string().optional(),
  policy: z.string().optional(),
  /** Of one half of a coordinated storage snapshot: the volumes of both, which go together. */
  pair: z
    .object({
      primary: z.object({ arraySerial: z.string(), objectId: z.string() }),
      secondary: z.object({ arraySerial: z.string(), objectId: z.string() }),
    })
    .optional(),
  /** The moment at which it was made, kept for a repetition that only finds it. */
  frozen: z
    .object({
      instantId: z.string(),
      created: z.object({ atMs: z.number(), grainMs: z.number() }).optional(),
      measured: z.object({ fromMs: z.number(), toMs: z.number() }).optional(),
    })
    .optional(),
});

export type StorageSnapshotDetail = z.infer<typeof storageSnapshotDetailSchema>;

export function storageSnapshotLedgerId(
  runId: string,
  groupId: string,
  volume: VolumePlan['volume'],
): string {
  return `${runId}/storage-snapshot/${groupId}/${objectKey(volume)}`;
}

/** Of the storage snapshot of the volume itself, before anything is known of it. */
export function storageSnapshotDetailOf(planned: VolumePlan): StorageSnapshotDetail {
  const { volume, volumeName, relation } = planned;
  const pair = pairOf(planned);
  return {
    volume,
    volumeName,
    role: 'temporary',
    ...(relation ? { relation: relationKey(volume, relation), policy: relation.policy } : {}),
    ...(pair ? { pair } : {}),
  };
}
