export { areasBytes, normalAreas } from './areas/areas.ts';
export type { Disk } from './disk/disk.ts';
export { type DiskSource, diskSourceSchema, type FileSource, type NfsSource } from './disk/disk-source.ts';
export { counted } from './disk/filters/counted.ts';
export { limited } from './disk/filters/limited.ts';
export { type DiskTools, openDisk } from './disk/open-disk.ts';
export { BackupSession, type BackupSessionOptions } from './session/backup-session.ts';
export type { CommitPointOptions, CommittedPoint } from './session/commit-point.ts';
export type {
  DiskBackupOptions,
  DiskBackupProgress,
  DiskBackupResult,
} from './session/disk-backup-options.ts';
export type { ParentRef } from './session/parent-disk.ts';
