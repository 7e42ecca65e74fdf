export { areasBytes, normalAreas } from './areas/areas.ts';
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
export { type OpenFolder, openFolder } from './disk/folder/open-folder.ts';
export {
  type BlockLunAccess,
  type FolderAccess,
  folderAccessSchema,
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
