export { areasBytes, normalAreas } from './areas/areas.ts';
export { deltaAreas } from './disk/delta-areas.ts';
export type { Disk } from './disk/disk.ts';
export {
  type ChainFolder,
  type ChainSource,
  chainFolderSchema,
  chainSourceSchema,
  type DiskSource,
  diskSourceSchema,
  type FileSource,
  fileSourceSchema,
} from './disk/disk-source.ts';
export { counted } from './disk/filters/counted.ts';
export { limited } from './disk/filters/limited.ts';
export { chapCredentials } from './disk/folder/chap-credentials.ts';
export { type HttpLogin, httpFolderAccessSchema } from './disk/folder/http-access.ts';
export { areasInUse, type InUse, type InUseOptions } from './disk/folder/http-allocated.ts';
export { type HostGate, type HostGateOptions, openHostGate } from './disk/folder/http-gate-server.ts';
export {
  basicKeys,
  type CookieSource,
  type HttpKeys,
  type HttpRequestName,
  sessionKeys,
  type TicketSource,
  ticketKeys,
} from './disk/folder/http-keys.ts';
export { type OpenFolder, openFolder } from './disk/folder/open-folder.ts';
export {
  type BlockLunAccess,
  type FolderAccess,
  folderAccessSchema,
  type HttpFolderAccess,
  type IscsiLunAccess,
  type LunAccess,
  lunAccessSchema,
  type NfsFolderAccess,
  type VmfsFolderAccess,
} from './disk/folder-access.ts';
export { type DiskTools, openDisk } from './disk/open-disk.ts';
export { BackupSession, type BackupSessionOptions } from './session/backup-session.ts';
export type { CommitPointOptions, CommittedPoint } from './session/commit-point.ts';
export type {
  DiskBackupOptions,
  DiskBackupProgress,
  DiskBackupResult,
} from './session/disk-backup-options.ts';
export type { ParentRef } from './session/parent-disk.ts';
