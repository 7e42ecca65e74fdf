export type { FrozenDisk } from './calls/frozen-disks.ts';
export type { VcenterInventory } from './calls/inventory.ts';
export {
  backupPrivileges,
  type CheckedEntity,
  type EntityKind,
  type MissingPrivileges,
} from './calls/privileges.ts';
export type {
  CreatedVmwareSnapshot,
  FoundVmwareSnapshot,
  NewVmwareSnapshot,
  SnapshotChoice,
} from './calls/snapshots.ts';
export type { OnProgress } from './calls/tasks.ts';
export type { OperationOptions } from './calls/vm-operation.ts';
export { withGrowth } from './cbt/area-list.ts';
export type { CbtUnusable, ChangedAreas, ChangedAreasQuery } from './cbt/changed-areas.ts';
export { connectVcenter, type VcenterOptions } from './connect.ts';
export type { DatastoreFile, FileRange } from './files/datastore-files.ts';
export type { FolderTicket, TicketRequest } from './files/folder-credentials.ts';
export type { DatastoreInfo, DatastoreType, NfsMount, VmfsVolume } from './model/datastore.ts';
export type { BackingKind, DiskInfo } from './model/disk.ts';
export type { HostInfo, Place, VcenterAbout } from './model/places.ts';
export type { VmInfo } from './model/vm.ts';
export { flattenSnapshots, type VmwareSnapshot } from './model/vmware-snapshot.ts';
export type { UnreadProperty } from './session/collector.ts';
export type { CallEvent } from './session/session-call.ts';
export type { Merged, ReadOptions, VcenterClient } from './vcenter-client.ts';
