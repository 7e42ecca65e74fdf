import { z } from 'zod';
import { toArrayName } from '../array-name.ts';
import { metadataSchema } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { readOne, readRows } from '../rest/list.ts';

const collectionSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  volcoll_id: z.string().nullish(),
  volcoll_name: z.string().nullish(),
  is_replica: z.boolean().nullish(),
  is_complete: z.boolean().nullish(),
  replicate: z.boolean().nullish(),
  replicate_to: z.string().nullish(),
  repl_status: z.string().nullish(),
  repl_bytes_transferred: z.number().nullish(),
  creation_time: z.number().nullish(),
  /** The other half, where synchronous replication made one. */
  peer_snapcoll_id: z.string().nullish(),
  metadata: metadataSchema,
  snapshots_list: z
    .array(
      z.object({ id: z.string().nullish(), snap_id: z.string().nullish(), vol_id: z.string().nullish() }),
    )
    .nullish(),
});

export type CollectionRecord = z.infer<typeof collectionSchema>;

export const collectionsPath = '/snapshot_collections';

export function collectionPath(id: string): string {
  return `${collectionsPath}/${encodeURIComponent(id)}`;
}

export function readCollection(
  array: NimbleArray,
  id: string,
  signal?: AbortSignal,
): Promise<CollectionRecord> {
  return readOne(array.rest, collectionSchema, collectionPath(id), signal);
}

/** Snapshot collections of a volume collection. */
export function listCollections(
  array: NimbleArray,
  volumeCollectionId: string,
  signal?: AbortSignal,
): Promise<CollectionRecord[]> {
  const query = { volcoll_id: volumeCollectionId };
  return readRows(array.rest, collectionSchema, `${collectionsPath}/detail`, query, signal);
}

/** By our name of it; of a synchronous volume collection both halves. */
export async function findCollections(
  array: NimbleArray,
  volumeCollectionId: string,
  name: string,
  signal?: AbortSignal,
): Promise<CollectionRecord[]> {
  const wanted = toArrayName(name);
  const query = { volcoll_id: volumeCollectionId, name: wanted };
  const rows = await readRows(array.rest, collectionSchema, `${collectionsPath}/detail`, query, signal);
  return rows.filter((row) => row.name === wanted);
}

/** By our name of it. `memberOf`: of several, the one that holds this volume. */
export async function findCollection(
  array: NimbleArray,
  volumeCollectionId: string,
  name: string,
  signal?: AbortSignal,
  memberOf?: string,
): Promise<CollectionRecord | undefined> {
  const rows = await findCollections(array, volumeCollectionId, name, signal);
  return rows.find((row) => membersOf(row).some(({ volumeId }) => volumeId === memberOf)) ?? rows[0];
}

interface Member {
  readonly snapshotId: string;
  readonly volumeId: string;
}

export function membersOf({ snapshots_list }: CollectionRecord): Member[] {
  return (snapshots_list ?? []).flatMap(({ id, snap_id, vol_id }) => {
    const snapshotId = snap_id || id;
    return snapshotId && vol_id ? [{ snapshotId, volumeId: vol_id }] : [];
  });
}
