import type { Clock, Randomness } from '@leeward/core';
import type { Disk } from './disk.ts';
import type { DiskSource } from './disk-source.ts';
import { openFileDisk } from './file-disk.ts';

export interface DiskTools {
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Which reader of the same disk this is: others begin at other ports that are as good. Default 0. */
  readonly reader?: number | undefined;
  /** Where devices of this host are looked for; by default where udev and the kernel have them. */
  readonly devices?: { readonly linkFolder: string; readonly classFolder: string } | undefined;
}

/** Opens a disk for reading; the caller closes it. Errors are those of the source's own area. */
export async function openDisk(source: DiskSource, tools: DiskTools, signal?: AbortSignal): Promise<Disk> {
  if (source.kind === 'file') return openFileDisk(source);
  // Loaded when needed: every worker thread would pay for the network clients.
  const { openChainDisk } = await import('./chain-disk.ts');
  return openChainDisk(source, tools, signal);
}
