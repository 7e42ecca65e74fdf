import { z } from 'zod';
import type { NimbleArray } from '../nimble-array.ts';
import { readOne, readRows } from '../rest/list.ts';

const snapcollSchema = z
  .object({
    snapcoll_id: z.string().nullish(),
    snapcoll_name: z.string().nullish(),
    snapcoll_creation_time: z.number().nullish(),
  })
  .nullish();

const memberSchema = z.object({ id: z.string().nullish(), vol_id: z.string().nullish() });

const volumeCollectionSchema = z.object({
  id: z.string(),
  name: z.string(),
  pol_owner_name: z.string().nullish(),
  replication_type: z.string().nullish(),
  replication_partner: z
    .union([z.string(), z.array(z.string())])
    .nullish()
    .catch(null),
  last_replicated_snapcoll: snapcollSchema,
  last_replicated_snapcoll_list: z.array(snapcollSchema).nullish(),
  /** Seconds. */
  lag_time: z.number().nullish(),
  is_handing_over: z.boolean().nullish(),
  /** `in_sync`, `out_of_sync`, `unknown`, `not_applicable`. */
  synchronous_replication_state: z.string().nullish(),
  /** Of the resync under way. */
  srep_resync_percent: z.number().nullish(),
  upstream_volume_list: z.array(memberSchema).nullish(),
  downstream_volume_list: z.array(memberSchema).nullish(),
});

export type VolumeCollection = z.infer<typeof volumeCollectionSchema>;

export function listVolumeCollections(array: NimbleArray, signal?: AbortSignal): Promise<VolumeCollection[]> {
  return readRows(array.rest, volumeCollectionSchema, '/volume_collections/detail', {}, signal);
}

export function readVolumeCollection(
  array: NimbleArray,
  id: string,
  signal?: AbortSignal,
): Promise<VolumeCollection> {
  return readOne(array.rest, volumeCollectionSchema, `/volume_collections/${encodeURIComponent(id)}`, signal);
}

export function isSynchronous({ replication_type }: VolumeCollection): boolean {
  return replication_type === 'synchronous';
}

/** Snapshot collections from which the next differences to a partner start. */
export function basesOf(collection: VolumeCollection): ReadonlySet<string> {
  // Nothing is transferred between the halves of a pair.
  if (isSynchronous(collection)) return new Set();
  const newest = [collection.last_replicated_snapcoll, ...(collection.last_replicated_snapcoll_list ?? [])];
  return new Set(newest.flatMap((base) => (base?.snapcoll_id ? [base.snapcoll_id] : [])));
}
