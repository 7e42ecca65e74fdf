import type { ArrayDriver } from '@leeward/arrays';
import type { Datastore, Extent, LeewardError, VirtualMachine } from '@leeward/core';

/** A disk as the VMware snapshot froze it. */
export interface FrozenDisk {
  readonly key: number;
  readonly label: string;
  readonly node: string;
  /**
   * Datastore path of the descriptor that stays constant until the VMware snapshot is removed. Usually the disk that
   * the VM wrote to before; a delta on top of it where VSS writers went on to write to what was frozen.
   */
  readonly fileName: string;
  /** Descriptors of the disks it stands on, the nearest first, the base last. */
  readonly parents: readonly string[];
  readonly sizeBytes: number;
  /** To be stored with the point; absent when tracking is not active. */
  readonly changeId?: string;
}

export interface ChangeQuery {
  readonly vmMoId: string;
  readonly vmwareSnapshotMoId: string;
  /** As the VMware snapshot froze it. */
  readonly disk: FrozenDisk;
  /** Stored with the last point. */
  readonly since: string;
  /** Size at the last point; what lies beyond has no history. */
  readonly sinceSizeBytes: number;
}

/** `unusable` names why CBT cannot be trusted for this disk; then it is read in full. */
export type ChangeAnswer = { readonly areas: readonly Extent[] } | { readonly unusable: LeewardError };

/** A VMware snapshot with our name on some VM. */
export interface OwnVmwareSnapshot {
  readonly vmMoId: string;
  readonly name: string;
  readonly description: string;
}

/** What flows ask of a vCenter, in core's words. Calls are bounded and throw catalogue errors only. */
export interface VcenterDoor {
  readonly name: string;
  identity(
    signal?: AbortSignal,
  ): Promise<{ readonly id: string; readonly name: string; readonly version: string }>;
  inventory(
    signal?: AbortSignal,
  ): Promise<{ readonly datastores: readonly Datastore[]; readonly vms: readonly VirtualMachine[] }>;
  vm(moId: string, signal?: AbortSignal): Promise<VirtualMachine>;
  /** Throws when the account may not do to these VMs what a backup does. */
  requirePrivileges(vmMoIds: readonly string[], signal?: AbortSignal): Promise<void>;
  enableCbt(vmMoId: string, signal?: AbortSignal): Promise<void>;
  /** Idempotent by name. `quiesced`: whether the guest really was; without VMware Tools it is not, and no error. */
  createVmwareSnapshot(
    vmMoId: string,
    options: { readonly name: string; readonly description: string; readonly quiesce: boolean },
    signal?: AbortSignal,
  ): Promise<{ readonly moId: string; readonly quiesced: boolean }>;
  frozenDisks(vmwareSnapshotMoId: string, signal?: AbortSignal): Promise<readonly FrozenDisk[]>;
  changedAreas(query: ChangeQuery, signal?: AbortSignal): Promise<ChangeAnswer>;
  /** All that was ever written to a disk on VMFS, as far as CBT knows it; a hint. */
  allocatedAreas(
    query: Omit<ChangeQuery, 'since' | 'sinceSizeBytes'>,
    signal?: AbortSignal,
  ): Promise<ChangeAnswer>;
  /** What is gone already is success. */
  removeVmwareSnapshot(
    vmMoId: string,
    name: string,
    signal?: AbortSignal,
  ): Promise<{ readonly consolidationNeeded: boolean }>;
  consolidate(vmMoId: string, signal?: AbortSignal): Promise<void>;
  findVmwareSnapshots(namePrefix: string, signal?: AbortSignal): Promise<readonly OwnVmwareSnapshot[]>;
  close(): Promise<void>;
}

/** Open connections to the registered systems, by id; shared and kept until `close`. */
export interface Doors {
  vcenter(systemId: string): Promise<VcenterDoor>;
  array(systemId: string): Promise<ArrayDriver>;
  close(): Promise<void>;
}
