import type { VolumeId } from '@leeward/core';

/** Immutability until a date, kept by the array against everybody. Only where `Volume.locks` says that it is possible. */
export interface StorageSnapshotLocks {
  /**
   * Locks a storage snapshot of ours until a time, Unix milliseconds by the array's clock, rounded up to what the array
   * knows. A lock is only ever made longer: what is locked as long already is left as it is. Answers until when it is
   * locked now (`Infinity`: for ever), read back from the array, which MUST be `untilMs` at least; else `L-ARR-220`.
   * One that is not ours is `L-ARR-011`, one that is not there `L-ARR-009`.
   */
  lock(volume: VolumeId, name: string, untilMs: number, signal?: AbortSignal): Promise<number>;
}
