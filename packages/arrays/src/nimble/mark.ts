import { z } from 'zod';
import { parseOwnership } from '../contract/ownership.ts';
import { arrayNamePrefix } from './array-name.ts';

export const metadataSchema = z
  .array(z.object({ key: z.string(), value: z.string().nullish() }))
  .nullish()
  .transform((pairs) => pairs ?? []);

type Metadata = z.infer<typeof metadataSchema>;

const commentKey = 'leeward';
const labelKey = 'leeward-label';

/** Metadata that mark an object as ours. */
export function markOf(comment: string, label?: string): { key: string; value: string }[] {
  const mark = [{ key: commentKey, value: comment }];
  return label ? [...mark, { key: labelKey, value: label }] : mark;
}

/** What of an object may hold our comment. The description is a second place for it, and tells what is foreign. */
interface Marked {
  readonly metadata?: Metadata | undefined;
  readonly description?: string | null | undefined;
}

/** The comment of an object; empty for what has none. */
export function commentOf({ metadata = [], description }: Marked): string {
  return valueUnder(metadata, commentKey) || (description ?? '');
}

/** The comment in the metadata alone, which only requested members of a snapshot collection carry. */
export function markIn(metadata: Metadata): string {
  return valueUnder(metadata, commentKey);
}

export function labelOf(metadata: Metadata): string {
  return valueUnder(metadata, labelKey);
}

/**
 * Marks do not always travel with a replication, so for replicas a nameless one is enough: our prefix and no
 * comment at all.
 */
export function isOurs(arrayName: string, comment: string, isReplica = false): boolean {
  if (comment !== '') return parseOwnership(comment) !== undefined;
  return isReplica && arrayName.startsWith(arrayNamePrefix);
}

function valueUnder(metadata: Metadata, wanted: string): string {
  return metadata.find(({ key }) => key === wanted)?.value ?? '';
}
