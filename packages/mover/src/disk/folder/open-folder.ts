import { isError, retry } from '@leeward/core';
import type { FolderReader } from '@leeward/formats';
import type { FolderAccess } from '../folder-access.ts';
import type { DiskTools } from '../open-disk.ts';

/**
 * The files of a datastore in a storage snapshot, or that a VMware snapshot froze, read-only. Paths are relative to it,
 * with `/` between names.
 */
export interface OpenFolder {
  readonly folder: FolderReader;
  /**
   * A small file as a whole. Throws `L-NET-201`, `L-NET-406` or `L-FMT-421` when there is none, `L-NET-211`,
   * `L-NET-411` or `L-FMT-424` when it is larger than `maxBytes`.
   */
  readFile(path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** What lies in a folder ('' is the root), sorted. A folder that is not there is an error, not an empty list. */
  names(folderPath: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Idempotent. Reads in flight fail. */
  close(): Promise<void>;
}

/** For what is over within seconds: a port that moves to another node, a connection that drops at the wrong moment. */
const tries = { attempts: 4, firstDelayMs: 250, maxDelayMs: 2_000 };

/**
 * Connects to a datastore, again when the network breaks meanwhile. `name` is shown in errors. Throws the `L-NET` errors
 * of the NFS client or the `L-BLK` ones of devices: `L-BLK-213` and `L-BLK-302` when another device answers, found out
 * before anything is read from it; then `L-FMT-401` to `-415` for a VMFS volume that is not there or damaged. The caller
 * closes it.
 */
export async function openFolder(
  access: FolderAccess,
  name: string,
  tools: DiskTools,
  signal?: AbortSignal,
): Promise<OpenFolder> {
  const outcome = await retry(tools.clock, { ...tries, signal }, async () => {
    try {
      return { opened: await open(access, name, tools, signal) };
    } catch (error) {
      // What the clients have tried for long themselves is not tried again.
      if (isError(error, 'L-NET-101') || isError(error, 'L-NET-110')) throw error;
      return { error };
    }
  });
  if (outcome.opened) return outcome.opened;
  throw outcome.error;
}

async function open(
  access: FolderAccess,
  name: string,
  tools: DiskTools,
  signal: AbortSignal | undefined,
): Promise<OpenFolder> {
  // Each is loaded when needed: every worker thread would pay for both.
  if (access.protocol === 'nfs') {
    const { openNfsFolder } = await import('./nfs-folder.ts');
    return openNfsFolder(access, name, tools, signal);
  }
  if (access.protocol === 'http') {
    const { openHttpFolder } = await import('./http-folder.ts');
    return openHttpFolder(access, name, tools);
  }
  const { openVmfsFolder } = await import('./vmfs-folder.ts');
  return openVmfsFolder(access, name, tools, signal);
}
