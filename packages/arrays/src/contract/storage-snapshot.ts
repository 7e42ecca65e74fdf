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

export interface CreatedStorageSnapshots {
  readonly storageSnapshots: readonly StorageSnapshot[];
  /** `one-instant`: a consistency group or the only volume; `sequential`: one after the other. */
  readonly instant: 'one-instant' | 'sequential';
  /** Time between the first and the last of them; 0 for `one-instant`. */
  readonly skewMs: number;
}
