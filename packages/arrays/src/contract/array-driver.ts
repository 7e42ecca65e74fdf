import type { VolumeId } from '@leeward/core';
import type { ArrayIdentity, ArrayInventory } from './inventory.ts';
import type { LunPresentations } from './lun-presentation.ts';
import type { NfsPresentation, PresentationPlan, PresentationRequest } from './presentation.ts';
import type { CreatedStorageSnapshots, CreateStorageSnapshots, StorageSnapshot } from './storage-snapshot.ts';
import type { StorageSnapshotLocks } from './storage-snapshot-locks.ts';
import type { SyncSnapshots } from './sync-snapshots.ts';
import type { StartTransfer, TransferProgress, TransferRef } from './transfer.ts';

/** What a family can do. The engine asks these and never a vendor's name. */
export interface ArrayCapabilities {
  /** A transfer starts by itself with the storage snapshot. */
  readonly transferStartsWithSnapshot: boolean;
  /** The newest transferred storage snapshot must stay on the primary as the base of the next transfer. */
  readonly keepsAuxiliarySnapshot: boolean;
  /** Several volumes can be frozen at one instant. */
  readonly groupSnapshots: boolean;
  /** `nfs`: by `planPresentation` and so on; `iscsi`: by `luns`. */
  readonly protocols: readonly ('nfs' | 'iscsi')[];
  /** Storage snapshots on both sides of `sync` relations at once, by `sync`. Absent: no. */
  readonly sync?: boolean;
  /** Storage snapshots can be locked, by `locks`, where `Volume.locks` says so. Absent: no. */
  readonly locks?: boolean;
}

export interface ArrayCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What was seen; for `ok: false` also what to do. */
  readonly text: string;
  /** False when backups still work without it. */
  readonly required: boolean;
}

export interface RequiredPermission {
  readonly path: string;
  readonly access: 'readonly' | 'all';
  readonly why: string;
  /** On which side of a relation it is needed. */
  readonly side: 'both' | 'primary' | 'secondary';
}

/** An object on the array that carries our mark. */
export interface OwnedObject {
  readonly kind:
    | 'storage-snapshot'
    | 'clone'
    | 'export-policy'
    | 'export-rule'
    | 'initiator-group'
    | 'chap-user';
  readonly name: string;
  readonly id: string;
  readonly volume?: VolumeId;
  /** Empty for kinds that cannot carry one; those are known by name (policy) or by their unusual content (rule). */
  readonly comment: string;
  readonly createdAt?: string;
}

/**
 * Door to one array (one management address). Contract, for every family:
 * - Every call takes an `AbortSignal`, is bounded in time, and throws only errors of the catalogue.
 * - Every create takes a name from the caller. Repeating it after a lost answer MUST find and return the same
 *   object and MUST NOT make a second one. An object of that name without our mark is `L-ARR-` "name taken".
 * - Deletes: what is already gone is success. What an array still holds throws an error that is not permanent.
 * - Objects without our mark are never changed or deleted.
 * - Absence is an empty list or `undefined`; failure always throws.
 */
export interface ArrayDriver {
  readonly capabilities: ArrayCapabilities;

  identify(signal?: AbortSignal): Promise<ArrayIdentity>;

  /** Everything planning needs, all pages read. */
  inventory(signal?: AbortSignal): Promise<ArrayInventory>;

  /** Login, version, rights and licences, each as a line for the user. Never throws for a failed check. */
  check(signal?: AbortSignal): Promise<readonly ArrayCheck[]>;

  requiredPermissions(): readonly RequiredPermission[];

  /**
   * The array's own time, Unix milliseconds, by which it stamps what it makes; right to within a second and the time
   * of the call. Of several clocks the one furthest behind, so that nothing is taken to be older than it is.
   * `undefined` where the array does not tell.
   */
  timeMs(signal?: AbortSignal): Promise<number | undefined>;

  /** All storage snapshots of a volume, oldest first, foreign ones too. */
  listStorageSnapshots(volume: VolumeId, signal?: AbortSignal): Promise<readonly StorageSnapshot[]>;

  createStorageSnapshots(
    request: CreateStorageSnapshots,
    signal?: AbortSignal,
  ): Promise<CreatedStorageSnapshots>;

  /** Deletes one storage snapshot of ours by volume and name. Of a coordinated one the other half may go with it. */
  deleteStorageSnapshot(volume: VolumeId, name: string, signal?: AbortSignal): Promise<void>;

  /** Secondary side. Returns at once; a transfer already carrying the storage snapshot is taken up. */
  startTransfer(request: StartTransfer, signal?: AbortSignal): Promise<TransferRef>;

  /** Secondary side. One look; the caller polls. */
  transferProgress(transfer: TransferRef, signal?: AbortSignal): Promise<TransferProgress>;

  /**
   * Primary side, reads only; exactly the families whose transfer starts with the storage snapshot have it, since
   * there the secondary knows nothing before the data arrive. Never says `done`: only the secondary can.
   * `failed` also for a storage snapshot that is not there. Throws a permanent error where the set-up keeps it
   * from being sent (no partner, partner paused).
   */
  outgoingTransfer?(
    volume: VolumeId,
    storageSnapshotName: string,
    signal?: AbortSignal,
  ): Promise<TransferProgress>;

  /**
   * Secondary side. What has ended already is success. Families whose transfer starts with the storage snapshot
   * cannot be stopped here; there the deletion of the storage snapshot on the primary takes it out of the queue.
   */
  abortTransfer(transfer: TransferRef, signal?: AbortSignal): Promise<void>;

  /**
   * Secondary side. The transferred storage snapshot, or `undefined` while it has not arrived. With `createdAt`
   * (of the original) another storage snapshot of the same name is an error.
   */
  findReplica(
    secondaryVolume: VolumeId,
    storageSnapshotName: string,
    signal?: AbortSignal,
    createdAt?: string,
  ): Promise<StorageSnapshot | undefined>;

  /** Locks of storage snapshots; present exactly with `capabilities.locks`. */
  readonly locks?: StorageSnapshotLocks;

  /** Coordinated storage snapshots; present exactly with `capabilities.sync`. */
  readonly sync?: SyncSnapshots;

  /** Block access; present exactly when `capabilities.protocols` has `iscsi`. */
  readonly luns?: LunPresentations;

  /** Reads only. `active`: plans of other presentations of ours that are in use now. */
  planPresentation(
    request: PresentationRequest,
    active: readonly PresentationPlan[],
    signal?: AbortSignal,
  ): Promise<PresentationPlan>;

  /** Idempotent. */
  present(plan: PresentationPlan, signal?: AbortSignal): Promise<NfsPresentation>;

  /** Idempotent; leaves the administrator's objects as they were before `present`, also after a crash within it. */
  withdraw(plan: PresentationPlan, active: readonly PresentationPlan[], signal?: AbortSignal): Promise<void>;

  /** Every object with our mark, for the janitor. */
  listOwned(signal?: AbortSignal): Promise<readonly OwnedObject[]>;

  /**
   * Removes one object that `listOwned` told, when no journal knows its plan any more. The caller has made sure
   * that no run of any installation uses it.
   */
  removeOwned(object: OwnedObject, signal?: AbortSignal): Promise<void>;

  /** Releases connections. */
  close(): Promise<void>;
}
