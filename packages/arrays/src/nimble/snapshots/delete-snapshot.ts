import { isError, LeewardError, type VolumeId } from '@leeward/core';
import { refusedWith } from '../../rest/refused.ts';
import { downstreamPartners, listSchedules } from '../inventory/schedules.ts';
import { basesOf, readVolumeCollection } from '../inventory/volume-collections.ts';
import { isReplica, readVolume, type VolumeRecord } from '../inventory/volumes.ts';
import { commentOf, isOurs, markIn } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { remove } from '../rest/change.ts';
import { orGone } from '../rest/or-gone.ts';
import { replicaCodes } from '../rest/refusal-codes.ts';
import {
  type CollectionRecord,
  collectionPath,
  listCollections,
  membersOf,
  readCollection,
} from './collection-record.ts';
import { findSnapshot, readSnapshot, type SnapshotRecord, snapshotPath, timeOf } from './snapshot-record.ts';

/**
 * Deletes one storage snapshot of ours; what is gone already (also with its volume) is success. Of a snapshot
 * collection only this volume's member goes while other volumes' members with our mark are left; with the last
 * of them the whole collection goes. Where marks did not travel to the secondary, the collection goes as a whole.
 * Never by force: the array protects what the next transfer starts from.
 */
export async function deleteStorageSnapshot(
  array: NimbleArray,
  volume: VolumeId,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const id = await array.ownId(volume, signal);
  const record = await orGone(() => readVolume(array, id, signal));
  const found = record && (await findSnapshot(array, id, name, signal));
  if (!record || !found) return;
  const collection = found.snap_collection_id
    ? await orGone(() => readCollection(array, found.snap_collection_id ?? '', signal))
    : undefined;
  const object = `storage snapshot ${found.name} of the volume ${record.name}`;
  const comment = commentOf(found) || commentOf(collection ?? {});
  if (!isOurs(found.name, comment, isReplica(record)))
    throw new LeewardError('L-ARR-011', { host: array.rest.host, object });
  if (collection && (await isBase(array, record, collection, signal)))
    throw held(array, object, 'it is the base from which the next transfer starts');
  const path = await pathToDelete(array, found, collection, signal);
  try {
    await remove(array.rest, path, signal);
  } catch (error) {
    throw explained(array, error, object, found);
  }
}

/** True for the newest that both sides hold. */
async function isBase(
  array: NimbleArray,
  volume: VolumeRecord,
  collection: CollectionRecord,
  signal?: AbortSignal,
): Promise<boolean> {
  const { volcoll_id } = collection;
  const volumeCollection = volcoll_id
    ? await orGone(() => readVolumeCollection(array, volcoll_id, signal))
    : undefined;
  if (!volumeCollection || volume.volcoll_id !== volumeCollection.id) return false;
  const bases = basesOf(volumeCollection);
  if (isReplica(volume)) {
    if (bases.size > 0) return bases.has(collection.id);
    const replicas = await listCollections(array, volumeCollection.id, signal);
    return newestReplica(replicas)?.id === collection.id;
  }
  if (!bases.has(collection.id)) return false;
  return downstreamPartners(await listSchedules(array, volumeCollection.id, signal)).length > 0;
}

function newestReplica(collections: readonly CollectionRecord[]): CollectionRecord | undefined {
  return collections
    .filter(({ is_replica, is_complete }) => is_replica === true && is_complete !== false)
    .sort((a, b) => (b.creation_time ?? 0) - (a.creation_time ?? 0) || (a.id < b.id ? 1 : -1))[0];
}

async function pathToDelete(
  array: NimbleArray,
  snapshot: SnapshotRecord,
  collection: CollectionRecord | undefined,
  signal?: AbortSignal,
): Promise<string> {
  if (!collection) return snapshotPath(snapshot.id);
  const whole = collectionPath(collection.id);
  // Without our mark on this one it cannot be told which of the others were asked for.
  if (markIn(snapshot.metadata) === '') return whole;
  const others = membersOf(collection).filter(({ snapshotId }) => snapshotId !== snapshot.id);
  const records = await Promise.all(
    others.map(({ snapshotId }) => orGone(() => readSnapshot(array, snapshotId, signal))),
  );
  const wanted = records.some((record) => record && markIn(record.metadata) !== '');
  return wanted ? snapshotPath(snapshot.id) : whole;
}

function explained(array: NimbleArray, error: unknown, object: string, found: SnapshotRecord): unknown {
  const { host } = array.rest;
  if (refusedWith(error, replicaCodes))
    return new LeewardError('L-ARR-609', { host, object, message: error.refusal.message }, error);
  if (found.is_locked === true && isError(error, 'L-ARR-015'))
    return held(array, object, `locked until ${timeOf(found.retention_time)}`, error);
  if (isError(error, 'L-ARR-101'))
    return held(array, object, String(error.details['message'] ?? 'unknown'), error);
  return error;
}

function held(array: NimbleArray, object: string, holders: string, cause?: unknown): LeewardError {
  return new LeewardError('L-ARR-101', { host: array.rest.host, object, holders }, cause);
}
