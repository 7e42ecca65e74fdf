import { isError, LeewardError, type VolumeId } from '@leeward/core';
import type { SyncPair } from '../../contract/sync-snapshots.ts';
import { readVolume } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { deleteStorageSnapshot } from '../snapshots/delete-snapshot.ts';
import { findSnapshot, isOurs, type SnapshotRecord } from '../snapshots/snapshot-record.ts';
import { arrayOf } from './other-array.ts';

const firstPollMs = 100;
const longestPollMs = 2_000;
const followTimeoutMs = 20_000;

/** The storage snapshot of that name; none where the volume is gone too. */
export async function findOnVolume(
  array: OntapArray,
  volume: VolumeId,
  name: string,
  signal?: AbortSignal,
): Promise<SnapshotRecord | undefined> {
  try {
    const uuid = await array.ownId(volume, signal);
    await readVolume(array, uuid, signal);
    return await findSnapshot(array, uuid, name, signal);
  } catch (error) {
    if (isError(error, 'L-ARR-009')) return undefined;
    throw error;
  }
}

/**
 * The source's half first: while in sync the other one goes with it, and on the destination a read-only volume may
 * refuse the deletion. What a reader still holds on the destination is left on both sides, as ONTAP is known to break
 * off replication over a deletion that it cannot repeat there. So it is while the destination does not answer: a half that
 * is left there alone can be deleted by nobody.
 */
export async function removeCoordinated(
  array: OntapArray,
  pair: SyncPair,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const primary = await arrayOf(array, pair.primary, signal);
  const secondary = await arrayOf(array, pair.secondary, signal);
  const failures: unknown[] = [];
  const half =
    secondary && (await orFailure(failures, () => findOnVolume(secondary, pair.secondary, name, signal)));
  if (half && secondary) refuse(secondary, half);
  if (failures.length > 0) throw failures[0];
  if (primary) await orFailure(failures, () => deleteStorageSnapshot(primary, pair.primary, name, signal));
  else failures.push(notRegistered(array, pair.primary, name));
  if (!secondary) failures.push(notRegistered(array, pair.secondary, name));
  else if (failures.length === 0)
    await orFailure(failures, () => untilGone(secondary, pair.secondary, name, signal));
  if (failures.length > 0) throw failures[0];
}

function refuse({ rest }: OntapArray, half: SnapshotRecord): void {
  const object = `storage snapshot ${half.name}`;
  if (!isOurs(half)) throw new LeewardError('L-ARR-011', { host: rest.host, object });
  const holders = half.owners.filter((owner) => owner !== 'snapmirror' && owner !== 'sync_mirror').join(', ');
  if (holders !== '') throw new LeewardError('L-ARR-101', { host: rest.host, object, holders });
}

/** Without the other cluster nothing is known of what is there: tried again once it is registered. */
function notRegistered({ rest }: OntapArray, { arraySerial }: VolumeId, name: string): LeewardError {
  const reason = `the array ${arraySerial} is not registered in Leeward`;
  return new LeewardError('L-ARR-211', { host: rest.host, snapshot: name, reason });
}

/** It follows its other half, or is deleted where the array allows that. */
export async function untilGone(
  array: OntapArray,
  volume: VolumeId,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  for (let pollMs = firstPollMs, waitedMs = 0; ; pollMs = Math.min(pollMs * 2, longestPollMs)) {
    if (!(await findOnVolume(array, volume, name, signal))) return;
    // The first look may just have been early.
    if (waitedMs > 0 && (await deletedAlone(array, volume, name, signal))) return;
    if (waitedMs >= followTimeoutMs) break;
    await array.deps.clock.sleep(pollMs, signal);
    waitedMs += pollMs;
  }
  const reason = 'its volume is a read-only replica, and the replication has not taken it away yet';
  throw new LeewardError('L-ARR-211', { host: array.rest.host, snapshot: name, reason });
}

async function deletedAlone(
  array: OntapArray,
  volume: VolumeId,
  name: string,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await deleteStorageSnapshot(array, volume, name, signal);
    return true;
  } catch (error) {
    if (isError(error, 'L-ARR-102')) return false;
    throw error;
  }
}

async function orFailure<T>(failures: unknown[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    failures.push(error);
    return undefined;
  }
}
