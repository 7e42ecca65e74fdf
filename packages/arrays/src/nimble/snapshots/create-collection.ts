import { LeewardError } from '@leeward/core';
import type { CreateStorageSnapshots } from '../../contract/storage-snapshot.ts';
import { ensure } from '../../rest/ensure.ts';
import type { MeasuredMoment } from '../../rest/measured-moment.ts';
import { refusedWith } from '../../rest/refused.ts';
import { toArrayName } from '../array-name.ts';
import type { VolumeRecord } from '../inventory/volumes.ts';
import { commentOf, markIn, markOf } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { change, put } from '../rest/change.ts';
import { noPartnerCodes, unknownKeyCodes } from '../rest/refusal-codes.ts';
import { choosePartner, type ReplicationKeys } from './choose-partner.ts';
import { type CollectionRecord, collectionsPath, findCollection, membersOf } from './collection-record.ts';
import { readSnapshot, type SnapshotRecord, snapshotPath } from './snapshot-record.ts';

export interface VolumeCollectionRef {
  readonly id: string;
  readonly name: string;
  /** Its other half is not asked for by what is made here; see `sync`. */
  readonly isSynchronous?: boolean;
}

type MarkedRequest = Pick<CreateStorageSnapshots, 'name' | 'comment' | 'label'>;

/** The snapshot collection of that name if it is the one wanted; throws when it is somebody else's. */
export async function findWantedCollection(
  array: NimbleArray,
  { id, name: collection }: VolumeCollectionRef,
  { name, comment }: CreateStorageSnapshots,
  memberOf?: string,
  signal?: AbortSignal,
): Promise<CollectionRecord | undefined> {
  const found = await findCollection(array, id, name, signal, memberOf);
  if (!found || commentOf(found) === comment) return found;
  const object = `storage snapshot ${found.name} of the volume collection ${collection}`;
  throw new LeewardError('L-ARR-010', { host: array.rest.host, object });
}

/**
 * Storage snapshots of volumes of one volume collection at one instant; their transfer starts by itself. The
 * array takes all volumes of the collection; those that were asked for carry our mark, the others go with the
 * last of them. A repeated call finds what an earlier one made.
 */
export async function createCollection(
  array: NimbleArray,
  collection: VolumeCollectionRef,
  volumes: readonly VolumeRecord[],
  request: CreateStorageSnapshots,
  moment: MeasuredMoment,
  signal?: AbortSignal,
): Promise<{ readonly id: string; readonly records: readonly SnapshotRecord[] }> {
  const made = await ensure(array.rest, {
    object: `the storage snapshot ${request.name} of the volume collection ${collection.name}`,
    find: () => findWantedCollection(array, collection, request, volumes[0]?.id, signal),
    create: async () => {
      const keys: ReplicationKeys = collection.isSynchronous
        ? { replicate: false }
        : await choosePartner(array, collection, request.transferTo, signal);
      await moment.during(() => postCollection(array, collection, volumes, request, keys, signal));
    },
    signal,
  });
  const marked = volumes.map((volume) => markedMember(array, made, volume, request, signal));
  return { id: made.id, records: await Promise.all(marked) };
}

/** Asks once for a snapshot collection with our mark; keys that a release does not know are left out. */
export async function postCollection(
  array: NimbleArray,
  collection: VolumeCollectionRef,
  volumes: readonly VolumeRecord[],
  request: MarkedRequest,
  keys: ReplicationKeys,
  signal?: AbortSignal,
): Promise<void> {
  const { name, comment, label } = request;
  const metadata = markOf(comment, label);
  const data = {
    name: toArrayName(name),
    volcoll_id: collection.id,
    description: comment,
    ...keys,
    start_online: false,
    allow_writes: false,
    metadata,
  };
  // VMware has quiesced already; the array shall not do it again.
  const newer = {
    disable_appsync: true,
    vol_snap_attr_list: volumes.map(({ id }) => ({ vol_id: id, metadata })),
  };
  const send = (more: object, to: ReplicationKeys = keys) =>
    change(array.rest, { method: 'POST', path: collectionsPath, data: { ...data, ...more, ...to }, signal });
  try {
    await send(newer);
  } catch (error) {
    if (refusedWith(error, unknownKeyCodes)) await send({});
    else if (keys.replicate && refusedWith(error, noPartnerCodes)) await send(newer, { replicate: false });
    else throw error;
  }
}

/** The member of a volume, with our mark; set where the array did not take it over or another call made it. */
export async function markedMember(
  array: NimbleArray,
  collection: CollectionRecord,
  volume: VolumeRecord,
  { name, comment, label }: MarkedRequest,
  signal?: AbortSignal,
): Promise<SnapshotRecord> {
  const member = membersOf(collection).find(({ volumeId }) => volumeId === volume.id);
  if (!member)
    throw new LeewardError('L-ARR-604', { host: array.rest.host, snapshot: name, volume: volume.name });
  const record = await readSnapshot(array, member.snapshotId, signal);
  if (markIn(record.metadata) === comment) return record;
  const data = { metadata: markOf(comment, label) };
  await put(array.rest, { path: snapshotPath(record.id), data, signal });
  return await readSnapshot(array, record.id, signal);
}
