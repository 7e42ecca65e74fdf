import type { FileDescriptor } from './file-descriptor.ts';
import type { FileLock } from './file-lock.ts';
import { fileType } from './layout.ts';

export type VmfsFileType = 'directory' | 'file' | 'symlink' | 'system' | 'rdm';

export interface VmfsStat {
  readonly type: VmfsFileType;
  /** Of an RDM: the size of the LUN behind it. */
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** POSIX permission bits. */
  readonly mode: number;
  readonly lock: FileLock;
}

export interface VmfsDirectoryEntry {
  readonly name: string;
  readonly type: VmfsFileType;
}

export function typeName(type: number): VmfsFileType {
  if (type === fileType.directory) return 'directory';
  if (type === fileType.symlink) return 'symlink';
  if (type === fileType.system) return 'system';
  return type === fileType.rdm ? 'rdm' : 'file';
}

export function statOf(descriptor: FileDescriptor): VmfsStat {
  const { type, lengthBytes, modifiedMs, mode, lock } = descriptor;
  return { type: typeName(type), sizeBytes: lengthBytes, modifiedMs, mode: mode & 0o7777, lock };
}
