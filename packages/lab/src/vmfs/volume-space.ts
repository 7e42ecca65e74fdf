import { lvm } from '@leeward/formats/vmfs/layout';
import type { BlockStore } from './block-store.ts';

export const peBytes = 256 * 2 ** 20;

/** How many physical extents of 256 MiB fit on a LUN of that size. */
export function peCountOf(sizeBytes: number): number {
  return Math.floor((sizeBytes - lvm.usualDataOffset) / peBytes);
}

/** The logical volume over one or several LUNs, each of which holds its physical extents in one run. */
export class VolumeSpace {
  readonly sizeBytes: number;
  readonly #parts: { readonly store: BlockStore; readonly start: number; readonly end: number }[] = [];

  /** @param partitionOffset where the partition begins on every LUN. */
  constructor(stores: readonly BlockStore[], partitionOffset: number) {
    let end = 0;
    for (const store of stores) {
      const start = end;
      end += peCountOf(store.sizeBytes - partitionOffset) * peBytes;
      this.#parts.push({ store: offsetStore(store, partitionOffset + lvm.usualDataOffset), start, end });
    }
    this.sizeBytes = end;
  }

  async read(offsetBytes: number, target: Uint8Array): Promise<void> {
    for (const { store, at, from, to } of this.#split(offsetBytes, target.length))
      await store.read(at, target.subarray(from, to));
  }

  async write(offsetBytes: number, data: Uint8Array): Promise<void> {
    for (const { store, at, from, to } of this.#split(offsetBytes, data.length))
      await store.write(at, data.subarray(from, to));
  }

  *#split(offsetBytes: number, lengthBytes: number) {
    const last = offsetBytes + lengthBytes;
    if (last > this.sizeBytes) throw new RangeError(`byte ${last} of a volume of ${this.sizeBytes}`);
    for (const { store, start, end } of this.#parts) {
      const from = Math.max(offsetBytes, start);
      const to = Math.min(last, end);
      if (from < to) yield { store, at: from - start, from: from - offsetBytes, to: to - offsetBytes };
    }
  }
}

function offsetStore(store: BlockStore, offset: number): BlockStore {
  return {
    sizeBytes: store.sizeBytes - offset,
    read: (at, target) => store.read(at + offset, target),
    write: (at, data) => store.write(at + offset, data),
  };
}
