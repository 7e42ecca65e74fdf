import type { Clock, Randomness } from '@leeward/core';
import type { Disk } from './disk.ts';
import type { DiskSource } from './disk-source.ts';
import { openFileDisk } from './file-disk.ts';
import { openNfsDisk } from './nfs-disk.ts';

export interface DiskTools {
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** Opens a disk for reading; the caller closes it. Errors are those of the source's own area. */
export function openDisk(source: DiskSource, tools: DiskTools, signal?: AbortSignal): Promise<Disk> {
  return source.kind === 'file' ? openFileDisk(source) : openNfsDisk(source, tools, signal);
}
