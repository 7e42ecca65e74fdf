import type { Extent } from '@leeward/core';
import { type DiskChain, type FilePlace, openDiskChain, placeName } from '@leeward/formats';
import { type ChainPart, chainParts } from './chain-parts.ts';
import type { Disk } from './disk.ts';
import type { ChainSource } from './disk-source.ts';
import { FolderSet } from './folder/folder-set.ts';
import type { DiskTools } from './open-disk.ts';

/** Beyond that the list is worth less than the memory for it. */
const maxAllocated = 100_000;

/**
 * Opens the disk of a frozen descriptor with all its parents, over NFS or on VMFS. Throws the errors of `openFolder`
 * and of `openDiskChain`: `L-FMT-206` when it has another size than the source says. The caller closes it.
 */
export async function openChainDisk(
  source: ChainSource,
  tools: DiskTools,
  signal?: AbortSignal,
): Promise<ChainDisk> {
  const folders = new FolderSet(source.folders, tools, signal);
  try {
    const { folder } = await folders.open(source.folder);
    const chain = await openDiskChain(folder, source.path, {
      resolveParent: folders.resolveParent,
      capacityBytes: source.sizeBytes,
      ...(signal ? { signal } : {}),
    });
    return new ChainDisk(chain, folders);
  } catch (error) {
    await folders.close();
    throw error;
  }
}

export class ChainDisk implements Disk {
  readonly #chain: DiskChain;
  readonly #folders: FolderSet;

  constructor(chain: DiskChain, folders: FolderSet) {
    this.#chain = chain;
    this.#folders = folders;
  }

  get sizeBytes(): number {
    return this.#chain.capacityBytes;
  }

  read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    return this.#chain.read(offsetBytes, target, signal);
  }

  /** What holds each byte of the range: in order, without gaps. */
  parts(range: Extent, signal?: AbortSignal): AsyncGenerator<ChainPart> {
    return chainParts(this.#chain, range, signal);
  }

  /** What lies in blocks that are marked as never written; zeros where there are none. See `FileReader`. */
  async readUnwritten(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    target.fill(0);
    const range = { offsetBytes, lengthBytes: target.length };
    for await (const { kind, reader, fileOffsetBytes = 0, ...part } of this.parts(range, signal)) {
      if (kind !== 'unwritten') continue;
      const from = part.offsetBytes - offsetBytes;
      await reader?.readUnwritten?.(fileOffsetBytes, target.subarray(from, from + part.lengthBytes), signal);
    }
  }

  /** Data files that a host held for writing at the instant of the storage snapshot, as far as files tell. */
  get heldFiles(): readonly { readonly file: string; readonly owner: string }[] {
    return this.#chain.layers
      .flatMap(({ files }) => files)
      .flatMap(({ place, reader: { exclusiveOwner: owner } }) =>
        owner === undefined ? [] : [{ file: placeName(place), owner }],
      );
  }

  /** Descriptors of the chain: the disk's own first, that of its base last. */
  get places(): readonly FilePlace[] {
    return this.#chain.layers.map(({ place }) => place);
  }

  /** What the disk at `depth` of the chain does not leave to those below it: data and zeros, in order. */
  async *heldBy(depth: number, signal?: AbortSignal): AsyncGenerator<Extent> {
    const layer = this.#chain.layers[depth];
    for (let at = 0; layer && at < layer.capacityBytes; )
      for (const { kind, offsetBytes, lengthBytes } of await layer.runs(at, layer.capacityBytes, signal)) {
        if (kind !== 'parent') yield { offsetBytes, lengthBytes };
        at = offsetBytes + lengthBytes;
      }
  }

  /** Not known when it has more than `maxAllocated` pieces. Reads the tables of all deltas. */
  async allocated(signal?: AbortSignal): Promise<readonly Extent[] | undefined> {
    const allocated: { offsetBytes: number; lengthBytes: number }[] = [];
    for await (const { kind, offsetBytes, lengthBytes } of this.parts(
      { offsetBytes: 0, lengthBytes: this.sizeBytes },
      signal,
    )) {
      if (kind !== 'data') continue;
      const last = allocated.at(-1);
      if (last && last.offsetBytes + last.lengthBytes === offsetBytes) last.lengthBytes += lengthBytes;
      else if (allocated.length === maxAllocated) return undefined;
      else allocated.push({ offsetBytes, lengthBytes });
    }
    return allocated;
  }

  close(): Promise<void> {
    return this.#folders.close();
  }
}
