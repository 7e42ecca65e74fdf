import { isPermanent, LeewardError } from '@leeward/core';
import { z } from 'zod';
import type { CreateStorageSnapshots } from '../../contract/storage-snapshot.ts';
import { ensure } from '../../rest/ensure.ts';
import type { MeasuredMoment } from '../../rest/measured-moment.ts';
import { ArrayRefused, refusedWith } from '../../rest/refused.ts';
import type { VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { knows912Fields } from '../release.ts';
import { type Change, change, repeatableChange } from '../rest/change.ts';
import { findGroupSnapshot, groupSnapshotsPath, readGroups } from './consistency-group.ts';
import { findWanted } from './create-snapshot.ts';
import { removeSnapshot } from './delete-snapshot.ts';
import { findSnapshot, type SnapshotRecord, snapshotsPath } from './snapshot-record.ts';

/** Seconds within which the second phase must follow; the array drops its write fence by itself after that. */
const actionTimeoutSeconds = 7;

/** Not permitted, or another operation on the group is open. */
const groupBusy = new Set(['53411918']);

const createdSchema = z.object({ records: z.array(z.object({ uuid: z.string() })).min(1) });

/**
 * One storage snapshot of all volumes of a consistency group at one instant, in two phases where the release offers
 * it.
 */
export async function createGroupSnapshot(
  array: OntapArray,
  groupUuid: string,
  volumes: readonly VolumeRecord[],
  wanted: CreateStorageSnapshots,
  moment: MeasuredMoment,
  signal?: AbortSignal,
): Promise<SnapshotRecord[]> {
  const find = async () => {
    const found = await Promise.all(volumes.map((volume) => findWanted(array, volume, wanted, signal)));
    const present = found.filter((record) => record !== undefined);
    return present.length === volumes.length ? present : undefined;
  };
  const records = await ensure(array.rest, {
    object: `the storage snapshot ${wanted.name} of ${volumes.length} volumes`,
    find,
    create: patiently(array, () => moment.during(() => freeze(array, groupUuid, wanted, signal)), signal),
    signal,
  });
  await dropLateComers(array, groupUuid, volumes, wanted.name, signal);
  return await markMembers(array, volumes, records, wanted, signal);
}

/**
 * A first phase whose answer was lost keeps the group busy until its timeout; only then is the refusal of the
 * next one worth waiting for, and for so long.
 */
function patiently(
  { deps }: OntapArray,
  work: () => Promise<void>,
  signal?: AbortSignal,
): () => Promise<void> {
  let mayHaveStarted = false;
  return async () => {
    try {
      await work();
    } catch (error) {
      if (mayHaveStarted && refusedWith(error, groupBusy)) {
        await deps.clock.sleep(actionTimeoutSeconds * 1_000, signal);
        throw new ArrayRefused('L-ARR-014', error.details, error.refusal);
      }
      mayHaveStarted ||= !isPermanent(error);
      throw error;
    }
  };
}

async function freeze(
  array: OntapArray,
  groupUuid: string,
  { name, comment, label }: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<void> {
  const path = groupSnapshotsPath(groupUuid);
  const body = {
    name,
    comment,
    consistency_type: 'crash',
    ...(label === undefined ? {} : { snapmirror_label: label }),
  };
  const create = { method: 'POST', path, body, mayBecomeJob: true, signal } as const;
  const { version } = await array.cluster(signal);
  if (!knows912Fields(version)) {
    await change(array.rest, create);
    return;
  }
  const pending = await findGroupSnapshot(array, groupUuid, name, signal);
  const uuid = pending?.uuid ?? (await start(array, groupUuid, name, create));
  const commit = { path: `${path}/${encodeURIComponent(uuid)}`, query: { action: 'commit' }, signal };
  await change(array.rest, { ...commit, method: 'PATCH', mayBecomeJob: true });
}

/** First phase; answers the id that the second one needs. One whose answer was lost is found by its name. */
async function start(array: OntapArray, groupUuid: string, name: string, create: Change): Promise<string> {
  const query = { action: 'start', action_timeout: actionTimeoutSeconds, return_records: true };
  const { body } = await change(array.rest, { ...create, query });
  const told = createdSchema.safeParse(body).data?.records[0]?.uuid;
  const uuid = told ?? (await findGroupSnapshot(array, groupUuid, name, create.signal))?.uuid;
  if (uuid !== undefined) return uuid;
  const details = { host: array.rest.host, work: `starting the storage snapshot ${name}`, timeoutMs: 0 };
  throw new LeewardError('L-ARR-017', details);
}

/** A volume may have joined the group in the meantime: nobody asked for its storage snapshot or wrote it down. */
async function dropLateComers(
  array: OntapArray,
  groupUuid: string,
  volumes: readonly VolumeRecord[],
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const group = (await readGroups(array, signal)).find(({ uuid }) => uuid === groupUuid);
  const wanted = new Set(volumes.map(({ uuid }) => uuid));
  for (const uuid of [...(group?.members ?? [])].filter((member) => !wanted.has(member))) {
    const extra = await findSnapshot(array, uuid, name, signal);
    if (extra) await removeSnapshot(array, uuid, extra, signal).catch(() => signal?.throwIfAborted());
  }
}

/** The mark of the group's snapshot is not sure to be on its members; retention and clean-up go by it. */
function markMembers(
  array: OntapArray,
  volumes: readonly VolumeRecord[],
  records: readonly SnapshotRecord[],
  { comment }: CreateStorageSnapshots,
  signal?: AbortSignal,
): Promise<SnapshotRecord[]> {
  const marked = records.map(async (record, index) => {
    const volume = volumes[index];
    if (record.comment !== '' || !volume) return record;
    const path = `${snapshotsPath(volume.uuid)}/${encodeURIComponent(record.uuid)}`;
    await repeatableChange(array.rest, {
      method: 'PATCH',
      path,
      body: { comment },
      mayBecomeJob: true,
      signal,
    });
    return { ...record, comment };
  });
  return Promise.all(marked);
}
