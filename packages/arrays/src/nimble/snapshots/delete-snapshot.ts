import { isError, LeewardError, type VolumeId } from '@leeward/core';
import { refusedWith } from '../../rest/refused.ts';
import { Attempts } from '../../turns/attempts.ts';
import { downstreamPartners, listSchedules } from '../inventory/schedules.ts';
import { basesOf, isSynchronous, readVolumeCollection } from '../inventory/volume-collections.ts';
import {
  isDownstreamHalf,
  isReplica,
  isUpstreamHalf,
  listVolumes,
  readVolume,
  type VolumeRecord,
} from '../inventory/volumes.ts';
import { isOurs, markIn } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { remove } from '../rest/change.ts';
import { orGone } from '../rest/or-gone.ts';
import { replicaCodes, soloCodes } from '../rest/refusal-codes.ts';
import { pairsOf } from '../sync/pairing.ts';
import { type CollectionRecord, collectionPath, listCollections, membersOf } from './collection-record.ts';
import { collectionOf, commentOfSnapshot } from './comment-of-snapshot.ts';
import { findSnapshot, readSnapshot, type SnapshotRecord, snapshotPath, timeOf } from './snapshot-record.ts';

/**
 * Deletes one storage snapshot of ours; what is gone already (also with its volume) is success. Of a snapshot
 * collection only this volume's member goes while other volumes' members with our mark are left; with the last
 * of them the whole collection goes. Where marks did not travel to the secondary, the collection goes as a whole.
 * Of a synchronous pair the other half, if it is ours, goes too. Never by force: the array protects what the next
 * transfer starts from.
 */
export async function deleteStorageSnapshot(
  array: NimbleArray,
  volume: VolumeId,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const id = await array.ownId(volume, signal);
  const record = await orGone(() => readVolume(array, id, signal));
  if (!record) return;
  const twin = await twinOf(array, record, signal);
  if (!twin) return await deleteOn(array, record, name, signal);
  const isForeign = async (other: VolumeRecord) => {
    const found = await findSnapshot(array, other.id, name, signal);
    return found !== undefined && !(await isOwn(array, other, found, signal)).ours;
  };
  const halves = isDownstreamHalf(record) ? [record, twin] : [twin, record];
  const attempts = new Attempts(signal);
  for (const half of halves)
    await attempts.run(async () => {
      if (half === twin && (await isForeign(half))) return;
      await deleteOn(array, half, name, signal);
    });
  attempts.end();
}

/** Deletes what is there of that name on each of the volumes, in this order, and goes on after a failure. */
export async function deleteHalves(
  array: NimbleArray,
  volumes: readonly VolumeId[],
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const attempts = new Attempts(signal);
  for (const volume of volumes) {
    const id = await array.ownId(volume, signal);
    await attempts.run(async () => {
      const record = await orGone(() => readVolume(array, id, signal));
      if (record) await deleteOn(array, record, name, signal);
    });
  }
  attempts.end();
}

async function twinOf(
  array: NimbleArray,
  volume: VolumeRecord,
  signal?: AbortSignal,
): Promise<VolumeRecord | undefined> {
  const { volcoll_id } = volume;
  if (!volcoll_id || !(isDownstreamHalf(volume) || isUpstreamHalf(volume))) return undefined;
  const [collection, members] = await Promise.all([
    readVolumeCollection(array, volcoll_id, signal),
    listVolumes(array, { volcoll_id }, signal),
  ]);
  const pair = pairsOf(collection, members).find(
    ({ upstream, downstream }) => upstream.id === volume.id || downstream.id === volume.id,
  );
  return pair && (pair.upstream.id === volume.id ? pair.downstream : pair.upstream);
}

async function isOwn(
  array: NimbleArray,
  volume: VolumeRecord,
  found: SnapshotRecord,
  signal?: AbortSignal,
): Promise<{ readonly ours: boolean; readonly collection: CollectionRecord | undefined }> {
  const collection = await collectionOf(array, found, signal);
  const comment = await commentOfSnapshot(array, found, collection, signal);
  return { ours: isOurs(found.name, comment, isReplica(volume) || isDownstreamHalf(volume)), collection };
}

async function deleteOn(
  array: NimbleArray,
  record: VolumeRecord,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const found = await findSnapshot(array, record.id, name, signal);
  if (!found) return;
  const object = `storage snapshot ${found.name} of the volume ${record.name}`;
  const { ours, collection } = await isOwn(array, record, found, signal);
  if (!ours) throw new LeewardError('L-ARR-011', { host: array.rest.host, object });
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
  if (isSynchronous(volumeCollection)) return false;
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
  if (refusedWith(error, soloCodes)) return held(array, object, error.refusal.message, error);
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
