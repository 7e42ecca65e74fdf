import { isError, LeewardError } from '@leeward/core';
import { ensure } from '../../rest/ensure.ts';
import { refusedWith } from '../../rest/refused.ts';
import { arrayNamePrefix } from '../array-name.ts';
import { listVolumes, readVolume, type VolumeRecord, volumePath } from '../inventory/volumes.ts';
import { commentOf, isOurs, markOf } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { change, put, remove } from '../rest/change.ts';
import { connectionCodes } from '../rest/refusal-codes.ts';
import { dropAccess } from './access-record.ts';
import type { ClonePlan } from './plan-detail.ts';

/** Our clone by its name; throws when a volume of that name is something else. */
export async function findClone(
  array: NimbleArray,
  { name, parentId, snapshotId }: ClonePlan,
  signal?: AbortSignal,
): Promise<VolumeRecord | undefined> {
  const found = (await listVolumes(array, { name }, signal)).find((volume) => volume.name === name);
  if (!found) return undefined;
  const sameParent = found.parent_vol_id === parentId || found.base_snap_id === snapshotId;
  if (isOwnClone(found) && sameParent) return found;
  throw new LeewardError('L-ARR-010', { host: array.rest.host, object: `volume ${name}` });
}

/** A clone by our name and mark. */
export function isOwnClone(volume: VolumeRecord): boolean {
  const { name, clone } = volume;
  return clone === true && name.startsWith(arrayNamePrefix) && isOurs(name, commentOf(volume));
}

/** Makes the clone, online and with no access of anybody. */
export async function ensureClone(
  array: NimbleArray,
  plan: ClonePlan,
  comment: string,
  signal?: AbortSignal,
): Promise<VolumeRecord> {
  const data = {
    name: plan.name,
    clone: true,
    base_snap_id: plan.snapshotId,
    online: true,
    multi_initiator: true,
    inherit_acl: false,
    agent_type: 'none',
    description: comment,
    metadata: markOf(comment),
  };
  const volume = await ensure(array.rest, {
    object: `the clone ${plan.name}`,
    find: () => findClone(array, plan, signal),
    create: () => change(array.rest, { method: 'POST', path: '/volumes', data, signal }),
    signal,
  });
  if (volume.base_snap_id && volume.base_snap_id !== plan.snapshotId)
    throw new LeewardError('L-ARR-010', { host: array.rest.host, object: `volume ${plan.name}` });
  if (volume.online !== true)
    await put(array.rest, { path: volumePath(volume.id), data: { online: true }, signal });
  return await readVolume(array, volume.id, signal);
}

/** Access first, so that nobody comes back; then offline; then away with it. */
export async function removeClone(
  array: NimbleArray,
  volume: VolumeRecord,
  signal?: AbortSignal,
): Promise<void> {
  await dropAccess(array, volume.id, signal);
  await setOffline(array, volume.id, signal);
  await remove(array.rest, volumePath(volume.id), signal);
}

/**
 * Cuts sessions only when they have not ended after the usual repeats (some seconds): on a shared target it may
 * disturb other reads.
 */
async function setOffline(array: NimbleArray, id: string, signal?: AbortSignal): Promise<void> {
  const path = volumePath(id);
  const offline = (force: boolean) =>
    put(array.rest, { path, data: { online: false, ...(force ? { force: true } : {}) }, signal });
  try {
    try {
      await offline(false);
    } catch (error) {
      if (!refusedWith(error, connectionCodes)) throw error;
      await offline(true);
    }
  } catch (error) {
    if (!isError(error, 'L-ARR-009')) throw error;
  }
}
