import type { Randomness, VolumeId } from '@leeward/core';
import type { ArrayCapabilities, ArrayDriver, OwnedObject } from '../contract/array-driver.ts';
import type { PresentationPlan, PresentationRequest } from '../contract/presentation.ts';
import type { CreateStorageSnapshots } from '../contract/storage-snapshot.ts';
import type { StartTransfer, TransferRef } from '../contract/transfer.ts';
import { OntapLuns } from './block/ontap-luns.ts';
import { checkArray } from './check.ts';
import { readClusterTime } from './cluster-time.ts';
import { RuleChanges } from './exports/change-rules.ts';
import { readIdentity } from './identity.ts';
import { readInventory } from './inventory/inventory.ts';
import { OntapArray, type OntapDeps } from './ontap-array.ts';
import { listOwned, removeOwned } from './owned.ts';
import { requiredPermissions } from './permissions.ts';
import { planPresentation } from './presentation/plan-presentation.ts';
import { present } from './presentation/present.ts';
import { withdraw } from './presentation/withdraw.ts';
import type { OntapSettings } from './settings.ts';
import { createStorageSnapshots } from './snapshots/create-snapshots.ts';
import { listStorageSnapshots } from './snapshots/list-snapshots.ts';
import { OntapLocks } from './snapshots/ontap-locks.ts';
import { OntapSync } from './sync/ontap-sync.ts';
import { findReplica } from './transfer/find-replica.ts';
import { Transfers } from './transfer/transfers.ts';

/** NetApp ONTAP 9.10.1 and later, and its OEM builds, by REST only. */
export class OntapDriver implements ArrayDriver {
  readonly capabilities: ArrayCapabilities = {
    transferStartsWithSnapshot: false,
    keepsAuxiliarySnapshot: true,
    groupSnapshots: true,
    protocols: ['nfs', 'iscsi'],
    locks: true,
    sync: true,
  };
  readonly luns: OntapLuns;
  readonly sync: OntapSync;
  readonly locks: OntapLocks;
  readonly #array: OntapArray;
  readonly #rules: RuleChanges;
  readonly #transfers: Transfers;
  readonly #randomness: Randomness;

  constructor(settings: OntapSettings, deps: OntapDeps & { readonly randomness: Randomness }) {
    this.#array = new OntapArray(settings, deps);
    this.luns = new OntapLuns(this.#array);
    this.sync = new OntapSync(this.#array);
    this.locks = new OntapLocks(this.#array);
    this.#rules = new RuleChanges(this.#array);
    this.#transfers = new Transfers(this.#array);
    this.#randomness = deps.randomness;
  }

  async identify(signal?: AbortSignal) {
    const cluster = await this.#array.refreshCluster(signal);
    return await readIdentity(this.#array.rest, cluster, signal);
  }

  inventory(signal?: AbortSignal) {
    return readInventory(this.#array, signal);
  }

  check(signal?: AbortSignal) {
    return checkArray(this.#array, () => this.#randomness.uuid(), signal);
  }

  requiredPermissions() {
    return requiredPermissions;
  }

  timeMs(signal?: AbortSignal) {
    return readClusterTime(this.#array.rest, signal);
  }

  listStorageSnapshots(volume: VolumeId, signal?: AbortSignal) {
    return listStorageSnapshots(this.#array, volume, signal);
  }

  createStorageSnapshots(request: CreateStorageSnapshots, signal?: AbortSignal) {
    return createStorageSnapshots(this.#array, request, signal);
  }

  deleteStorageSnapshot(volume: VolumeId, name: string, signal?: AbortSignal) {
    return this.sync.deleteHalf(volume, name, signal);
  }

  startTransfer(request: StartTransfer, signal?: AbortSignal) {
    return this.#transfers.start(request, signal);
  }

  transferProgress(transfer: TransferRef, signal?: AbortSignal) {
    return this.#transfers.progress(transfer, signal);
  }

  abortTransfer(transfer: TransferRef, signal?: AbortSignal) {
    return this.#transfers.abort(transfer, signal);
  }

  findReplica(volume: VolumeId, storageSnapshotName: string, signal?: AbortSignal, createdAt?: string) {
    return findReplica(this.#array, volume, storageSnapshotName, createdAt, signal);
  }

  /** Rules of ours are left out when policies are judged, so other presentations do not change the plan. */
  planPresentation(request: PresentationRequest, _active: readonly PresentationPlan[], signal?: AbortSignal) {
    return planPresentation(this.#array, request, signal);
  }

  present(plan: PresentationPlan, signal?: AbortSignal) {
    return present(this.#array, this.#rules, plan, signal);
  }

  withdraw(plan: PresentationPlan, active: readonly PresentationPlan[], signal?: AbortSignal) {
    return withdraw(this.#array, this.#rules, plan, active, signal);
  }

  listOwned(signal?: AbortSignal) {
    return listOwned(this.#array, signal);
  }

  removeOwned(object: OwnedObject, signal?: AbortSignal) {
    return removeOwned(this.#array, { rules: this.#rules, luns: this.luns, sync: this.sync }, object, signal);
  }

  close(): Promise<void> {
    return this.#array.rest.close();
  }
}
