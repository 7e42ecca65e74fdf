import { isError, LeewardError, type VolumeId } from '@leeward/core';
import { readVolume, type VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { remove } from '../rest/change.ts';
import {
  type ConsistencyGroup,
  findGroupSnapshot,
  groupSnapshotsPath,
  readGroups,
} from './consistency-group.ts';
import { findSnapshot, isOurs, type SnapshotRecord, snapshotsPath } from './snapshot-record.ts';

const deleteTimeoutMs = 600_000;

/** Deletes one storage snapshot of ours; what is gone already (also with its volume) is success. */
export async function deleteStorageSnapshot(
  array: OntapArray,
  volume: VolumeId,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const uuid = await array.ownId(volume, signal);
  const record = await orGone(() => readVolume(array, uuid, signal));
  if (!record) return;
  const found = await findSnapshot(array, uuid, name, signal);
  if (found && !isOurs(found)) {
    const object = `storage snapshot ${name} of the volume ${record.name}`;
    throw new LeewardError('L-ARR-011', { host: array.rest.host, object });
  }
  if (found) await removeSnapshot(array, uuid, found, signal);
  await forgetGroupSnapshot(array, record, name, signal);
}

/** Deletes a storage snapshot that was found to be ours. */
export async function removeSnapshot(
  array: OntapArray,
  volumeUuid: string,
  { uuid, name, owners }: SnapshotRecord,
  signal?: AbortSignal,
): Promise<void> {
  const path = `${snapshotsPath(volumeUuid)}/${encodeURIComponent(uuid)}`;
  try {
    await remove(array.rest, { path, mayBecomeJob: true, jobTimeoutMs: deleteTimeoutMs, signal });
  } catch (error) {
    const held = isError(error, 'L-ARR-101');
    if (!held && !isError(error, 'L-ARR-102')) throw error;
    const told = owners.length > 0 ? owners.join(', ') : String(error.details['message'] ?? 'unknown');
    const details = { ...error.details, object: `storage snapshot ${name}`, holders: told };
    throw new LeewardError(held ? 'L-ARR-101' : 'L-ARR-102', details, error);
  }
}

/** After the last of its members the empty snapshot of a consistency group must not stay behind. */
async function forgetGroupSnapshot(
  array: OntapArray,
  volume: VolumeRecord,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  if (!volume.consistency_group?.uuid || volume.type !== 'rw') return;
  try {
    const groups = (await readGroups(array, signal)).filter(({ members }) => members.has(volume.uuid));
    for (const group of groups) {
      const snapshot = await findGroupSnapshot(array, group.uuid, name, signal);
      if (!snapshot || !isOurs(snapshot) || (await someHas(array, group, name, signal))) continue;
      const path = `${groupSnapshotsPath(group.uuid)}/${encodeURIComponent(snapshot.uuid)}`;
      await remove(array.rest, { path, mayBecomeJob: true, jobTimeoutMs: deleteTimeoutMs, signal });
    }
  } catch (error) {
    // Without the optional right no snapshot of a group was ever made by us.
    if (!isError(error, 'L-ARR-005') && !isError(error, 'L-ARR-009')) throw error;
  }
}

async function someHas(
  array: OntapArray,
  { members }: ConsistencyGroup,
  name: string,
  signal?: AbortSignal,
): Promise<boolean> {
  for (const member of members) if (await findSnapshot(array, member, name, signal)) return true;
  return false;
}

async function orGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isError(error, 'L-ARR-009')) return undefined;
    throw error;
  }
}
