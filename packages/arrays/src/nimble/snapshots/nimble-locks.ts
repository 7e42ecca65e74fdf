import { isoTime, LeewardError, type VolumeId } from '@leeward/core';
import type { StorageSnapshotLocks } from '../../contract/storage-snapshot-locks.ts';
import { isDownstreamHalf, isReplica, readVolume } from '../inventory/volumes.ts';
import { isOurs } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { put } from '../rest/change.ts';
import { collectionOf, commentOfSnapshot } from './comment-of-snapshot.ts';
import { findSnapshot, type SnapshotRecord, snapshotPath } from './snapshot-record.ts';

/**
 * Locks by `lock_period`. Whether the array counts it from now or from the creation of the storage snapshot is told
 * nowhere, so it is asked for from now, which is the shorter one, read back, and made longer where that was not enough.
 */
export class NimbleLocks implements StorageSnapshotLocks {
  readonly #array: NimbleArray;

  constructor(array: NimbleArray) {
    this.#array = array;
  }

  async lock(volume: VolumeId, name: string, untilMs: number, signal?: AbortSignal): Promise<number> {
    const array = this.#array;
    const wanted = Math.ceil(untilMs / 1_000);
    const before = await this.#ours(volume, name, signal);
    if (endOf(before) >= wanted) return endOf(before) * 1_000;
    const { date, max_lock_period: longest } = await array.refreshGroup(signal);
    const now = date ?? Math.floor(array.deps.clock.now() / 1_000);
    let locked = endOf(before);
    for (const since of [now, before.creation_time ?? now]) {
      const period = Math.min(wanted - since, longest ?? Number.POSITIVE_INFINITY);
      if (locked >= wanted || period <= 0) continue;
      await put(array.rest, { path: snapshotPath(before.id), data: { lock_period: period }, signal });
      locked = endOf(await this.#ours(volume, name, signal));
    }
    if (locked >= wanted) return locked * 1_000;
    const told = locked === 0 ? 'never' : isoTime(locked * 1_000);
    const details = { host: array.rest.host, object: `storage snapshot ${name}`, locked: told };
    throw new LeewardError('L-ARR-220', { ...details, wanted: isoTime(wanted * 1_000) });
  }

  async #ours(volume: VolumeId, name: string, signal?: AbortSignal): Promise<SnapshotRecord> {
    const array = this.#array;
    const { host } = array.rest;
    const record = await readVolume(array, await array.ownId(volume, signal), signal);
    const object = `storage snapshot ${name} of the volume ${record.name}`;
    const found = await findSnapshot(array, record.id, name, signal);
    if (!found) throw new LeewardError('L-ARR-009', { host, object });
    const collection = await collectionOf(array, found, signal);
    const comment = await commentOfSnapshot(array, found, collection, signal);
    if (isOurs(found.name, comment, isReplica(record) || isDownstreamHalf(record))) return found;
    throw new LeewardError('L-ARR-011', { host, object });
  }
}

/** Unix seconds; 0: not locked. */
function endOf({ is_locked, retention_time }: SnapshotRecord): number {
  return is_locked === true ? (retention_time ?? 0) : 0;
}
