import { isError } from '@leeward/core';
import type {
  CreatedStorageSnapshots,
  CreateStorageSnapshots,
  FrozenInstant,
} from '../../contract/storage-snapshot.ts';
import { MeasuredMoment } from '../../rest/measured-moment.ts';
import { refusedWith } from '../../rest/refused.ts';
import { readVolume, refuseOffline, type VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { type ConsistencyGroup, findGroupSnapshot, readGroups } from './consistency-group.ts';
import { createSnapshot, findWanted } from './create-snapshot.ts';
import { createGroupSnapshot } from './group-snapshot.ts';
import { type SnapshotRecord, toStorageSnapshot } from './snapshot-record.ts';
import { unitsOf } from './units.ts';

/** Consistency groups refuse some volumes (locking, other owner); one by one still works then. */
const groupRefused = new Set(['53411918', '53411959', '918636']);

/** The array tells creation times in whole seconds. */
const grainMs = 1_000;

interface Member {
  readonly uuid: string;
  readonly record: SnapshotRecord;
}

/** Volumes that were frozen at one instant. */
interface Frozen extends Pick<FrozenInstant, 'id' | 'measured'> {
  readonly members: readonly Member[];
}

/**
 * Storage snapshots of several volumes: those of a consistency group that is wanted as a whole at one instant, the
 * others side by side. A partly done earlier call is completed and never repeated.
 */
export async function createStorageSnapshots(
  array: OntapArray,
  request: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<CreatedStorageSnapshots> {
  const uuids = await Promise.all(request.volumes.map((volume) => array.ownId(volume, signal)));
  const volumes = await Promise.all(uuids.map((uuid) => readVolume(array, uuid, signal)));
  for (const volume of volumes) refuseOffline(array, volume);
  // Foreign names are found before anything is made.
  await Promise.all(volumes.map((volume) => findWanted(array, volume, request, signal)));
  const mayBeGrouped = volumes.filter(({ consistency_group }) => consistency_group?.uuid).length > 1;
  const units = unitsOf(volumes, mayBeGrouped ? await readGroups(array, signal) : []);
  const frozen = await allOf(
    units.map((unit) =>
      unit.group
        ? atOneInstant(array, unit.group, unit.volumes, request, signal)
        : sideBySide(array, unit.volumes, request, signal),
    ),
  );
  return answerTo(request, uuids, frozen.flat());
}

async function atOneInstant(
  array: OntapArray,
  group: ConsistencyGroup,
  volumes: readonly VolumeRecord[],
  request: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<Frozen[]> {
  const found = await Promise.all(volumes.map((volume) => findWanted(array, volume, request, signal)));
  try {
    const begunSideBySide =
      found.some((record) => record !== undefined) &&
      (await findGroupSnapshot(array, group.uuid, request.name, signal)) === undefined;
    if (begunSideBySide) return await sideBySide(array, volumes, request, signal);
    const moment = new MeasuredMoment(array.deps.clock);
    const records = await createGroupSnapshot(array, group.uuid, volumes, request, moment, signal);
    const members = volumes.flatMap(({ uuid }, index) => {
      const record = records[index];
      return record ? [{ uuid, record }] : [];
    });
    const made = await findGroupSnapshot(array, group.uuid, request.name, signal);
    if (made) return [{ id: made.uuid, members, ...moment.window }];
    // What bound them together is gone: nothing proves any more that they are of one instant.
    return members.map((member) => ({ id: member.record.uuid, members: [member] }));
  } catch (error) {
    // The right to consistency groups is optional.
    if (!isError(error, 'L-ARR-005') && !refusedWith(error, groupRefused)) throw error;
    return await sideBySide(array, volumes, request, signal);
  }
}

/** Each is an instant of its own. */
async function sideBySide(
  array: OntapArray,
  volumes: readonly VolumeRecord[],
  request: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<Frozen[]> {
  return await allOf(
    volumes.map(async (volume) => {
      const moment = new MeasuredMoment(array.deps.clock);
      const record = await createSnapshot(array, volume, request, moment, signal);
      return { id: record.uuid, members: [{ uuid: volume.uuid, record }], ...moment.window };
    }),
  );
}

/** All side by side; what was begun ends before the first failure is thrown. */
async function allOf<T>(calls: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function answerTo(
  { volumes }: CreateStorageSnapshots,
  uuids: readonly string[],
  frozen: readonly Frozen[],
): CreatedStorageSnapshots {
  const records = new Map(frozen.flatMap(({ members }) => members.map(({ uuid, record }) => [uuid, record])));
  return {
    storageSnapshots: volumes.map((volume, index) => {
      const record = records.get(uuids[index] ?? '');
      if (!record) throw new RangeError(`no storage snapshot of volume ${index}`);
      return toStorageSnapshot(volume, record);
    }),
    instants: frozen.map(({ members, ...instant }) => {
      const inIt = new Set(members.map(({ uuid }) => uuid));
      const times = members.map(({ record }) => Date.parse(record.create_time));
      const atMs = Math.min(...times.filter((time) => !Number.isNaN(time)));
      return {
        ...instant,
        volumes: volumes.filter((_volume, index) => inIt.has(uuids[index] ?? '')),
        ...(Number.isFinite(atMs) ? { created: { atMs, grainMs } } : {}),
      };
    }),
  };
}
