import { LeewardError, type VolumeId } from '@leeward/core';
import type { ArrayCapabilities, ArrayDriver, OwnedObject } from '../contract/array-driver.ts';
import type { CreateStorageSnapshots } from '../contract/storage-snapshot.ts';
import type { StartTransfer, TransferRef } from '../contract/transfer.ts';
import { checkArray } from './check.ts';
import { readIdentity } from './identity.ts';
import { readInventory } from './inventory/inventory.ts';
import { NimbleArray, type NimbleDeps } from './nimble-array.ts';
import { listOwned, removeOwned } from './owned.ts';
import { requiredPermissions } from './permissions.ts';
import { NimbleLuns } from './presentation/lun-presentations.ts';
import type { NimbleSettings } from './settings.ts';
import { createStorageSnapshots } from './snapshots/create-snapshots.ts';
import { deleteStorageSnapshot } from './snapshots/delete-snapshot.ts';
import { listStorageSnapshots } from './snapshots/list-snapshots.ts';
import { NimbleLocks } from './snapshots/nimble-locks.ts';
import { NimbleSync } from './sync/nimble-sync.ts';
import { findReplica } from './transfer/find-replica.ts';
import { startTransfer, transferProgress } from './transfer/incoming.ts';
import { outgoingTransfer } from './transfer/outgoing.ts';

/** HPE Nimble Storage, HPE Alletra 5000 and 6000 (NimbleOS 5.2 and later), with snapshot and synchronous replication. */
export class NimbleDriver implements ArrayDriver {
  readonly capabilities: ArrayCapabilities = {
    transferStartsWithSnapshot: true,
    keepsAuxiliarySnapshot: true,
    groupSnapshots: true,
    protocols: ['iscsi'],
    sync: true,
    locks: true,
  };
  readonly sync: NimbleSync;
  readonly luns: NimbleLuns;
  readonly locks: NimbleLocks;
  readonly #array: NimbleArray;

  constructor(settings: NimbleSettings, deps: NimbleDeps) {
    this.#array = new NimbleArray(settings, deps);
    this.luns = new NimbleLuns(this.#array);
    this.locks = new NimbleLocks(this.#array);
    this.sync = new NimbleSync(this.#array);
  }

  async identify(signal?: AbortSignal) {
    return await readIdentity(this.#array.rest, await this.#array.refreshGroup(signal), signal);
  }

  inventory(signal?: AbortSignal) {
    return readInventory(this.#array, signal);
  }

  check(signal?: AbortSignal) {
    return checkArray(this.#array, signal);
  }

  requiredPermissions() {
    return requiredPermissions;
  }

  async timeMs(signal?: AbortSignal) {
    const { date } = await this.#array.refreshGroup(signal);
    return date === undefined || date === null ? undefined : date * 1_000;
  }

  listStorageSnapshots(volume: VolumeId, signal?: AbortSignal) {
    return listStorageSnapshots(this.#array, volume, signal);
  }

  createStorageSnapshots(request: CreateStorageSnapshots, signal?: AbortSignal) {
    return createStorageSnapshots(this.#array, request, signal);
  }

  deleteStorageSnapshot(volume: VolumeId, name: string, signal?: AbortSignal) {
    return deleteStorageSnapshot(this.#array, volume, name, signal);
  }

  startTransfer(request: StartTransfer, signal?: AbortSignal) {
    return startTransfer(this.#array, request, signal);
  }

  transferProgress(transfer: TransferRef, signal?: AbortSignal) {
    return transferProgress(this.#array, transfer, signal);
  }

  outgoingTransfer(volume: VolumeId, storageSnapshotName: string, signal?: AbortSignal) {
    return outgoingTransfer(this.#array, volume, storageSnapshotName, signal);
  }

  /** There is no call for it: pausing the partner, the only way, would stop what is not ours as well. */
  async abortTransfer(_transfer: TransferRef, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
  }

  findReplica(volume: VolumeId, name: string, signal?: AbortSignal, createdAt?: string) {
    return findReplica(this.#array, volume, name, createdAt, signal);
  }

  planPresentation(): Promise<never> {
    return Promise.reject(this.#noNfs());
  }

  present(): Promise<never> {
    return Promise.reject(this.#noNfs());
  }

  withdraw(): Promise<never> {
    return Promise.reject(this.#noNfs());
  }

  listOwned(signal?: AbortSignal) {
    return listOwned(this.#array, signal);
  }

  removeOwned(object: OwnedObject, signal?: AbortSignal) {
    return removeOwned(this.#array, this.luns, object, signal);
  }

  close(): Promise<void> {
    return this.#array.rest.close();
  }

  #noNfs(): LeewardError {
    return new LeewardError('L-ARR-601', { host: this.#array.rest.host, protocol: 'NFS' });
  }
}
