import { isError, type VolumeId } from '@leeward/core';
import type { CreatedStorageSnapshots, CreateStorageSnapshots } from '../../contract/storage-snapshot.ts';
import { refusedWith } from '../../rest/refused.ts';
import { readVolume, refuseOffline, type VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { commonGroup, findGroupSnapshot } from './consistency-group.ts';
import { createSnapshot, findWanted } from './create-snapshot.ts';
import { createGroupSnapshot } from './group-snapshot.ts';
import { type SnapshotRecord, toStorageSnapshot } from './snapshot-record.ts';

/** Consistency groups refuse some volumes (locking, other owner); one by one still works then. */
const groupRefused = new Set(['53411918', '53411959', '918636']);

/** The array tells creation times in whole seconds. */
const clockGrainMs = 1_000;

interface Made {
  readonly records: readonly SnapshotRecord[];
  readonly instant: CreatedStorageSnapshots['instant'];
  readonly skewMs: number;
}

/**
 * Storage snapshots of several volumes: at one instant through a consistency group that holds them all, else
 * side by side with the skew measured. A partly done earlier call is completed and never repeated.
 */
export async function createStorageSnapshots(
  array: OntapArray,
  request: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<CreatedStorageSnapshots> {
  const uuids = await Promise.all(request.volumes.map((volume) => array.ownId(volume, signal)));
  const volumes = await Promise.all(uuids.map((uuid) => readVolume(array, uuid, signal)));
  for (const volume of volumes) refuseOffline(array, volume);
  const group = volumes.length > 1 ? commonGroup(volumes) : undefined;
  const { records, instant, skewMs } = group
    ? await atOneInstant(array, group, volumes, request, signal)
    : await sideBySide(array, volumes, request, signal);
  return {
    storageSnapshots: records.map((record, index) => named(request.volumes, index, record)),
    instant,
    skewMs,
  };
}

async function atOneInstant(
  array: OntapArray,
  group: string,
  volumes: readonly VolumeRecord[],
  request: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<Made> {
  const found = await Promise.all(volumes.map((volume) => findWanted(array, volume, request, signal)));
  try {
    const begunSideBySide =
      found.some((record) => record !== undefined) &&
      (await findGroupSnapshot(array, group, request.name, signal)) === undefined;
    if (begunSideBySide) return await sideBySide(array, volumes, request, signal);
    const records = await createGroupSnapshot(array, group, volumes, request, signal);
    return { records, instant: 'one-instant', skewMs: 0 };
  } catch (error) {
    // The right to consistency groups is optional.
    if (!isError(error, 'L-ARR-005') && !refusedWith(error, groupRefused)) throw error;
    return await sideBySide(array, volumes, request, signal);
  }
}

async function sideBySide(
  array: OntapArray,
  volumes: readonly VolumeRecord[],
  request: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<Made> {
  const { clock } = array.deps;
  const found = await Promise.all(volumes.map((volume) => findWanted(array, volume, request, signal)));
  const startedMs = clock.monotonicMs();
  const settled = await Promise.allSettled(
    volumes.map((volume) => createSnapshot(array, volume, request, signal)),
  );
  const windowMs = Math.ceil(clock.monotonicMs() - startedMs);
  const records = settled.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
  if (volumes.length <= 1) return { records, instant: 'one-instant', skewMs: 0 };
  const allNew = found.every((record) => record === undefined);
  const skewMs = Math.min(spreadMs(records) + clockGrainMs, allNew ? windowMs : Number.POSITIVE_INFINITY);
  return { records, instant: 'sequential', skewMs };
}

function spreadMs(records: readonly SnapshotRecord[]): number {
  const times = records
    .map(({ create_time }) => Date.parse(create_time))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? 0 : Math.max(...times) - Math.min(...times);
}

function named(volumes: readonly VolumeId[], index: number, record: SnapshotRecord) {
  const volume = volumes[index];
  if (!volume) throw new RangeError(`no volume ${index}`);
  return toStorageSnapshot(volume, record);
}
