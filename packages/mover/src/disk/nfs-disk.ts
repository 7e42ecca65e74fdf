import { type Extent, LeewardError } from '@leeward/core';
import { connectNfs, type NfsFile, type NfsMount } from '@leeward/transports/nfs/client/nfs-client';
import type { Disk } from './disk.ts';
import type { NfsSource } from './disk-source.ts';
import type { DiskTools } from './open-disk.ts';

interface Part {
  readonly file: NfsFile;
  /** Where the part begins in the disk. */
  readonly diskOffsetBytes: number;
  readonly fileOffsetBytes: number;
  readonly lengthBytes: number;
}

/**
 * A flat VMDK over NFS, read in user space. Throws the `L-NET` errors of the client, and `L-REP-130` when a file is
 * shorter than its extent.
 */
export async function openNfsDisk(source: NfsSource, tools: DiskTools, signal?: AbortSignal): Promise<Disk> {
  const { addresses, nfsPort, mountPort, exportPath, localAddress, privilegedPort } = source;
  const mount = await connectNfs(
    { addresses, nfsPort, mountPort, exportPath, localAddress, privilegedPort, ...tools },
    signal,
  );
  try {
    return new NfsDisk(source.sizeBytes, mount, await openParts(mount, source, signal));
  } catch (error) {
    await mount.close();
    throw error;
  }
}

async function openParts(mount: NfsMount, source: NfsSource, signal?: AbortSignal): Promise<Part[]> {
  const files = new Map<string, NfsFile>();
  const parts: Part[] = [];
  let diskOffsetBytes = 0;
  for (const { path, offsetBytes, lengthBytes } of source.extents) {
    const file = files.get(path) ?? (await mount.open(path, signal));
    files.set(path, file);
    const expectedBytes = offsetBytes + lengthBytes;
    if (file.sizeBytes < expectedBytes) {
      throw new LeewardError('L-REP-130', { path, actualBytes: file.sizeBytes, expectedBytes });
    }
    parts.push({ file, diskOffsetBytes, fileOffsetBytes: offsetBytes, lengthBytes });
    diskOffsetBytes += lengthBytes;
  }
  return parts;
}

class NfsDisk implements Disk {
  readonly sizeBytes: number;
  readonly #mount: NfsMount;
  readonly #parts: readonly Part[];

  constructor(sizeBytes: number, mount: NfsMount, parts: readonly Part[]) {
    this.sizeBytes = sizeBytes;
    this.#mount = mount;
    this.#parts = parts;
  }

  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    const endBytes = offsetBytes + target.length;
    const reads: Promise<void>[] = [];
    for (const part of this.#parts) {
      const from = Math.max(offsetBytes, part.diskOffsetBytes);
      const to = Math.min(endBytes, part.diskOffsetBytes + part.lengthBytes);
      if (from >= to) continue;
      const piece = target.subarray(from - offsetBytes, to - offsetBytes);
      reads.push(part.file.read(part.fileOffsetBytes + from - part.diskOffsetBytes, piece, signal));
    }
    // All settle before the buffer is given back, also when one fails.
    const failed = (await Promise.allSettled(reads)).find((read) => read.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async allocated(): Promise<readonly Extent[] | undefined> {
    return undefined;
  }

  close(): Promise<void> {
    return this.#mount.close();
  }
}
