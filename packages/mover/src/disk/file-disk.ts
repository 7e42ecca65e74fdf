import { type FileHandle, open } from 'node:fs/promises';
import { type Extent, LeewardError } from '@leeward/core';
import type { Disk } from './disk.ts';
import type { FileSource } from './disk-source.ts';

/** A disk in a local file or block device. Throws `L-REP-130` (too short) or `L-REP-131` (not readable). */
export async function openFileDisk(source: FileSource): Promise<Disk> {
  try {
    return new FileDisk(source, await open(source.path, 'r'));
  } catch (error) {
    throw readFailed(source.path, error);
  }
}

class FileDisk implements Disk {
  readonly #source: FileSource;
  readonly #file: FileHandle;

  constructor(source: FileSource, file: FileHandle) {
    this.#source = source;
    this.#file = file;
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes;
  }

  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { path, sizeBytes } = this.#source;
    signal?.throwIfAborted();
    for (let done = 0; done < target.length; ) {
      const at = offsetBytes + done;
      const { bytesRead } = await this.#file
        .read(target, done, target.length - done, at)
        .catch((error: unknown) => {
          throw readFailed(path, error);
        });
      if (bytesRead === 0)
        throw new LeewardError('L-REP-130', { path, actualBytes: at, expectedBytes: sizeBytes });
      done += bytesRead;
    }
  }

  async allocated(): Promise<readonly Extent[] | undefined> {
    return undefined;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function readFailed(path: string, error: unknown): LeewardError {
  const reason = error instanceof Error ? error.message : String(error);
  return new LeewardError('L-REP-131', { path, reason }, error);
}
