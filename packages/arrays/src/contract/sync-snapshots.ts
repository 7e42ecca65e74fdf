import type { SyncState, VolumeId } from '@leeward/core';
import type { FrozenInstant, StorageSnapshot } from './storage-snapshot.ts';

/** The two volumes of a `sync` relation: its `source.volume` and its `destination.volume`. */
export interface SyncPair {
  readonly primary: VolumeId;
  readonly secondary: VolumeId;
}

/** One look at a pair. `detected`: both sides are in sync and reachable now, so that a coordinated one can be made. */
export interface SyncLook {
  readonly detected: boolean;
  readonly state: SyncState;
  /** The array's own words for what is wrong; empty when detected. */
  readonly reasons: readonly string[];
}

export interface CreateCoordinated {
  /** Unique, derived by the caller from run and step; both halves get it. */
  readonly name: string;
  /** What the primaries are frozen with (`Volume.frozenWith`) MUST be asked for too. */
  readonly pairs: readonly SyncPair[];
  /** At most 255 characters; carries our ownership mark and run id. */
  readonly comment: string;
  readonly label?: string;
}

/** Both halves of one pair. */
export interface CoordinatedSnapshot {
  readonly primary: StorageSnapshot;
  readonly secondary: StorageSnapshot;
}

export interface CreatedCoordinated {
  /** In the order of the request. */
  readonly storageSnapshots: readonly CoordinatedSnapshot[];
  /** Every volume of the request, of either side, is in exactly one; both halves of a pair are in the same one. */
  readonly instants: readonly FrozenInstant[];
}

/**
 * Storage snapshots on both sides of `sync` relations at one instant under one name, by the driver of the primary's
 * array. The rules of the driver's contract hold: what was made by a call whose answer was lost is found again, what is
 * gone is deleted already, foreign objects are left alone.
 */
export interface SyncSnapshots {
  /** Reads only. Also tells (as not detected) that the sides have changed roles. */
  look(pair: SyncPair, signal?: AbortSignal): Promise<SyncLook>;

  /**
   * Throws `L-ARR-204` when the other side is not detected now, before anything is made; `L-ARR-205` when one half is
   * missing after all. That half stays until `remove` and is found by every repetition, which throws the same.
   */
  create(request: CreateCoordinated, signal?: AbortSignal): Promise<CreatedCoordinated>;

  /** The halves that are there, each all of it; foreign ones of that name are `L-ARR-010`. */
  find(pair: SyncPair, name: string, signal?: AbortSignal): Promise<Partial<CoordinatedSnapshot>>;

  /**
   * Deletes both halves. Goes on after a failure, so that as little as possible stays, and throws it at the end: a half
   * on a side that is not reachable stays, and the error is not permanent.
   */
  remove(pair: SyncPair, name: string, signal?: AbortSignal): Promise<void>;
}
