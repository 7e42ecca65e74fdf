import { commentOf } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { orGone } from '../rest/or-gone.ts';
import { type CollectionRecord, readCollection } from './collection-record.ts';
import type { SnapshotRecord } from './snapshot-record.ts';

/** The snapshot collection that holds a storage snapshot, while it is there. */
export async function collectionOf(
  array: NimbleArray,
  { snap_collection_id }: Pick<SnapshotRecord, 'snap_collection_id'>,
  signal?: AbortSignal,
): Promise<CollectionRecord | undefined> {
  if (!snap_collection_id) return undefined;
  return await orGone(() => readCollection(array, snap_collection_id, signal));
}

/**
 * Whose it is: told by itself, by its collection, or by the other half of a coordinated one, since marks do not always
 * travel to the downstream half. Empty: nothing tells.
 */
export async function commentOfSnapshot(
  array: NimbleArray,
  record: SnapshotRecord,
  collection: CollectionRecord | undefined,
  signal?: AbortSignal,
): Promise<string> {
  const told = commentOf(record) || commentOf(collection ?? {});
  const peerId = collection?.peer_snapcoll_id;
  if (told !== '' || !peerId) return told;
  return commentOf((await orGone(() => readCollection(array, peerId, signal))) ?? {});
}
