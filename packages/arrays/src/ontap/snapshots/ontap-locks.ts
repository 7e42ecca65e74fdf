import { isoTime, LeewardError, type VolumeId } from '@leeward/core';
import type { StorageSnapshotLocks } from '../../contract/storage-snapshot-locks.ts';
import type { OntapArray } from '../ontap-array.ts';
import { repeatableChange } from '../rest/change.ts';
import { findSnapshot, isOurs, type SnapshotRecord, snapshotsPath } from './snapshot-record.ts';

/** Snapshot locking by the compliance clock. On a volume without it the array ignores the wish, so it is read back. */
export class OntapLocks implements StorageSnapshotLocks {
  readonly #array: OntapArray;

  constructor(array: OntapArray) {
    this.#array = array;
  }

  async lock(volume: VolumeId, name: string, untilMs: number, signal?: AbortSignal): Promise<number> {
    const array = this.#array;
    const uuid = await array.ownId(volume, signal);
    const wantedMs = Math.ceil(untilMs / 1_000) * 1_000;
    const before = await this.#ours(uuid, name, signal);
    if (endOf(before) >= wantedMs) return endOf(before);
    await repeatableChange(array.rest, {
      method: 'PATCH',
      path: `${snapshotsPath(uuid)}/${encodeURIComponent(before.uuid)}`,
      body: { snaplock_expiry_time: isoTime(wantedMs) },
      mayBecomeJob: true,
      signal,
    });
    const lockedMs = endOf(await this.#ours(uuid, name, signal));
    if (lockedMs >= wantedMs) return lockedMs;
    const locked = lockedMs === 0 ? 'never' : isoTime(lockedMs);
    const details = { host: array.rest.host, object: `storage snapshot ${name}`, locked };
    throw new LeewardError('L-ARR-220', { ...details, wanted: isoTime(wantedMs) });
  }

  async #ours(volumeUuid: string, name: string, signal?: AbortSignal): Promise<SnapshotRecord> {
    const { host } = this.#array.rest;
    const object = `storage snapshot ${name}`;
    const found = await findSnapshot(this.#array, volumeUuid, name, signal);
    if (!found) throw new LeewardError('L-ARR-009', { host, object });
    if (!isOurs(found)) throw new LeewardError('L-ARR-011', { host, object });
    return found;
  }
}

/** 0: not locked. A time that is not one means for ever. */
function endOf({ snaplock_expiry_time: time }: SnapshotRecord): number {
  if (!time) return 0;
  const epochMs = Date.parse(time);
  return Number.isNaN(epochMs) ? Number.POSITIVE_INFINITY : epochMs;
}
