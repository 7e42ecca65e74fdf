import type { FrozenDisk } from './calls/frozen-disks.ts';
import type { VcenterInventory } from './calls/inventory.ts';
import type { CheckedEntity, MissingPrivileges } from './calls/privileges.ts';
import type {
  CreatedVmwareSnapshot,
  FoundVmwareSnapshot,
  NewVmwareSnapshot,
  SnapshotChoice,
} from './calls/snapshots.ts';
import type { OperationOptions } from './calls/vm-operation.ts';
import type { AllocatedAreasQuery, ChangedAreas, ChangedAreasQuery } from './cbt/changed-areas.ts';
import type { DatastoreFile, FileRange } from './files/datastore-files.ts';
import type { FolderTicket, TicketRequest } from './files/folder-credentials.ts';
import type { VcenterAbout } from './model/places.ts';
import type { VmInfo } from './model/vm.ts';

export interface Merged {
  /** True when delta files stayed behind: call `consolidate` now or later, and tell the administrator. */
  readonly consolidationNeeded: boolean;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bound of the whole, in ms. Default 15 minutes. */
  readonly timeoutMs?: number | undefined;
}

/**
 * All that Leeward asks of one vCenter. Every method:
 * - may be called at any time and concurrently; the login is made when first needed and renewed when lost;
 * - throws errors of the catalogue only (`L-VC-…`, `L-RUN-101` at its bound), or the reason of an aborted signal;
 * - may be repeated with the same arguments after any error without doing harm;
 * - takes VMs and VMware snapshots by managed object id, which means something only in this vCenter.
 *
 * To all: `L-VC-101` to `L-VC-117` (connection, login, version, rights, state).
 */
export interface VcenterClient {
  /** Logs in if need be. */
  about(options?: ReadOptions): Promise<VcenterAbout>;
  /** Everything that the account may see. */
  inventory(options?: ReadOptions): Promise<VcenterInventory>;
  /** One VM as it is now. `L-VC-201`: gone; `L-VC-203`: no configuration to be had. */
  vm(vmMoId: string, options?: ReadOptions): Promise<VmInfo>;
  /** Switches CBT on, from the next VMware snapshot on. `L-VC-410`: has VMware snapshots; `L-VC-411`: impossible. */
  enableCbt(vmMoId: string, options?: OperationOptions): Promise<{ readonly wasEnabled: boolean }>;
  /** Without memory. Finds the one of that exact name if there is one. `L-VC-301` to `L-VC-309`: cannot be made. */
  createVmwareSnapshot(
    vmMoId: string,
    snapshot: NewVmwareSnapshot,
    options?: OperationOptions,
  ): Promise<CreatedVmwareSnapshot>;
  /** Removes and merges; gone already, or with the whole VM, is success. Children of it stay. */
  removeVmwareSnapshot(vmMoId: string, choice: SnapshotChoice, options?: OperationOptions): Promise<Merged>;
  /** Merges delta files that belong to no VMware snapshot any more. `L-VC-305`: locked by somebody. */
  consolidate(vmMoId: string, options?: OperationOptions): Promise<Merged>;
  /** For the janitor: VMware snapshots by the beginning of their names, over all VMs. Complete, or an error. */
  findVmwareSnapshots(namePrefix: string, options?: ReadOptions): Promise<readonly FoundVmwareSnapshot[]>;
  /** The disks as the VMware snapshot froze them. `L-VC-409`: it is gone. */
  frozenDisks(snapshotMoId: string, options?: ReadOptions): Promise<readonly FrozenDisk[]>;
  /** What changed since a stored change id, or why CBT cannot tell. `L-VC-409`: the VMware snapshot is gone. */
  changedAreas(query: ChangedAreasQuery): Promise<ChangedAreas>;
  /** What was ever written to a disk on VMFS; a hint. */
  allocatedAreas(query: AllocatedAreasQuery): Promise<ChangedAreas>;
  /** Size in bytes. `L-VC-501`: no such file. */
  datastoreFileSize(file: DatastoreFile, signal?: AbortSignal): Promise<number>;
  /** The bytes of a small file or a part of one; resumes after a broken connection. Stop early by leaving the loop. */
  readDatastoreFile(file: DatastoreFile, range?: FileRange, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * The session's cookie, `name=value`, for reading datastore files elsewhere; secret. `refused`: one that was answered
   * with 401; a new login is made when it is still the session's.
   */
  folderCookie(refused?: string, signal?: AbortSignal): Promise<string>;
  /** A ticket for one request to the `/folder` door of a host of this vCenter; secret. */
  folderTicket(request: TicketRequest, signal?: AbortSignal): Promise<FolderTicket>;
  /** What the account lacks for a backup, per entity; nothing missing is an empty list. */
  missingPrivileges(
    entities: readonly CheckedEntity[],
    options?: ReadOptions,
  ): Promise<readonly MissingPrivileges[]>;
  /** Logs out and ends what still runs. Idempotent. Tasks in vCenter go on. */
  close(): Promise<void>;
}
