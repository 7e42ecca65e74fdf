import type { VolumeId } from '@leeward/core';

export interface StorageSnapshot {
  readonly volume: VolumeId;
  /** The array's id of it, unique within its volume. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly comment: string;
  readonly label?: string;
  /** Until when the array refuses to delete it. */
  readonly lockedUntil?: string;
  /** Who holds it against deletion, in the array's words (replication, clone …). */
  readonly heldBy: readonly string[];
}

export interface CreateStorageSnapshots {
  /** Unique, derived by the caller from run and step: a repeated call finds what a lost answer created. */
  readonly name: string;
  /**
   * Those that the array can freeze at one instant are. What has to be frozen with them (`Volume.frozenWith`,
   * `Volume.instantGroups`) MUST be asked for too: a driver never freezes by a group what it was not asked for, unless
   * the array leaves no choice.
   */
  readonly volumes: readonly VolumeId[];
  /** At most 255 characters; carries our ownership mark and run id. */
  readonly comment: string;
  /** Label by which the secondary's retention rules choose; absent for none. */
  readonly label?: string;
  /**
   * Matters only where a transfer starts with the storage snapshot: which secondary array gets it, by name or
   * serial. Absent: the only one that the volumes are replicated to. `nowhere`: none.
   */
  readonly transferTo?: 'nowhere' | { readonly arrayName: string; readonly arraySerial?: string };
}

/** Volumes that the array froze at one instant. A volume that was frozen alone is an instant of its own. */
export interface FrozenInstant {
  /** The array's id of what froze them; the same in another call's answer: the same instant. */
  readonly id: string;
  /** Those of the request, one at least. */
  readonly volumes: readonly VolumeId[];
  /**
   * Unix milliseconds by the array's own clock, rounded down to `grainMs`, the steps in which it tells its time. Absent
   * where it does not tell.
   */
  readonly created?: { readonly atMs: number; readonly grainMs: number };
  /**
   * By our clock, Unix milliseconds: the instant lies between the start of the call that made it and its end. Absent
   * where an earlier call had made it.
   */
  readonly measured?: { readonly fromMs: number; readonly toMs: number };
}

export interface CreatedStorageSnapshots {
  /** In the order of the request. */
  readonly storageSnapshots: readonly StorageSnapshot[];
  /** Every volume of the request is in exactly one. */
  readonly instants: readonly FrozenInstant[];
}
