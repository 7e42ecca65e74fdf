import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';

/** Bytes that are shared and copied as one. */
export const chunkBytes = 64 * 1024;

export class StoreFull extends Error {}

/** Who pays for a chunk: a volume with its limit. Clones pay for what they change, their parent for the rest. */
export interface SpaceAccount {
  usedBytes: number;
  /** Consulted at every allocation. */
  limitBytes: number;
  /** Lower limit of the lab's choice, which growing does not lift. */
  labLimitBytes?: number | undefined;
}

export function spaceLimit({ limitBytes, labLimitBytes }: SpaceAccount): number {
  return Math.min(limitBytes, labLimitBytes ?? limitBytes);
}

/**
 * Chunks of one family of volumes (a volume and its clones) in one sparse backing file, counted by reference. A
 * chunk with more than one reference is never changed in place. All I/O is synchronous: a storage snapshot is
 * thereby taken at one instant, and the page cache answers faster than a thread would.
 */
export class ChunkStore {
  readonly #file: number;
  readonly #zeros = Buffer.alloc(chunkBytes);
  readonly #free: number[] = [];
  readonly #payers = new Map<number, SpaceAccount>();
  #references = new Uint32Array(1024);
  /** First slot never written: everything from here on reads as zeros. */
  #untouched = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'wx+', 0o600);
    // Nameless from the start: however the process ends, nothing stays behind on the disk.
    unlinkSync(path);
  }

  allocate(account: SpaceAccount): number {
    if (account.usedBytes + chunkBytes > spaceLimit(account)) throw new StoreFull('volume is full');
    const slot = this.#free.pop() ?? this.#untouched++;
    if (slot >= this.#references.length) {
      const grown = new Uint32Array(this.#references.length * 2);
      grown.set(this.#references);
      this.#references = grown;
    }
    this.#references[slot] = 1;
    account.usedBytes += chunkBytes;
    this.#payers.set(slot, account);
    return slot;
  }

  retain(slot: number): void {
    this.#references[slot] = (this.#references[slot] ?? 0) + 1;
  }

  release(slot: number): void {
    const left = (this.#references[slot] ?? 1) - 1;
    this.#references[slot] = left;
    if (left > 0) return;
    const payer = this.#payers.get(slot);
    if (payer) payer.usedBytes -= chunkBytes;
    this.#payers.delete(slot);
    this.#free.push(slot);
  }

  isShared(slot: number): boolean {
    return (this.#references[slot] ?? 0) > 1;
  }

  /** Reads `target.length` bytes from consecutive slots, beginning at `offset` in the first. */
  read(slot: number, offset: number, target: Uint8Array): void {
    let done = 0;
    const start = slot * chunkBytes + offset;
    while (done < target.length) {
      const got = readSync(this.#file, target, done, target.length - done, start + done);
      if (got === 0) {
        target.fill(0, done);
        return;
      }
      done += got;
    }
  }

  write(slot: number, offset: number, data: Uint8Array): void {
    let done = 0;
    const start = slot * chunkBytes + offset;
    while (done < data.length) done += writeSync(this.#file, data, done, data.length - done, start + done);
  }

  /** Makes a new slot read as zeros, whatever lay there before. */
  clear(slot: number): void {
    this.write(slot, 0, this.#zeros);
  }

  get allocatedChunks(): number {
    return this.#payers.size;
  }

  close(): void {
    closeSync(this.#file);
  }
}
