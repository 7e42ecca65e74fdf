import type { VolumeId } from '@leeward/core';

export interface StartTransfer {
  /** Relation id as in the secondary's inventory. */
  readonly relation: VolumeId;
  /** Name of the storage snapshot on the primary volume. */
  readonly storageSnapshotName: string;
  /** Its time of creation; when given, another storage snapshot of that name on the secondary is an error. */
  readonly createdAt?: string;
}

/** Enough to find the transfer again after a crash; JSON. */
export interface TransferRef extends StartTransfer {
  /** The array's id of the transfer, where it tells one. */
  readonly transferId?: string;
}

export interface TransferProgress {
  /**
   * `waiting`: another transfer of the relation runs first. `done` MUST be said only when the named storage
   * snapshot exists on the secondary. `failed` carries the array's reason.
   */
  readonly state: 'waiting' | 'transferring' | 'done' | 'failed';
  readonly bytesTransferred: number;
  readonly reason?: string;
  /** Told when the transfer began only with this look: journal it into the `TransferRef`. */
  readonly transferId?: string;
}
