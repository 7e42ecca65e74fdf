export { refuseSuspectRanges, type SuspectRange, suspectRanges } from './cross-check.ts';
export type { FileLock } from './file-descriptor.ts';
export type { VmfsLimits } from './limits.ts';
export type { LunReader } from './lun-reader.ts';
export { type OpenVmfsOptions, openVmfs } from './open-vmfs.ts';
export type { ScsiIdentity } from './scsi-identity.ts';
export type { VmfsDirectoryEntry, VmfsFileType, VmfsStat } from './stat.ts';
export { type VmfsExtent, VmfsFile } from './vmfs-file.ts';
export { type OpenFileOptions, VmfsVolume } from './vmfs-volume.ts';
