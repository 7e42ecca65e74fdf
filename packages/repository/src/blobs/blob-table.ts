import { idBytes } from '../crypto/sha256.ts';
import type { BlobType } from '../format/pack-header.ts';

/** `packOf` of a blob that somebody is writing right now. */
export const packPending = 0xffffffff;

const idWords = idBytes / 4;
const [packWord, offsetWord, storedWord, plainWord] = [idWords, idWords + 1, idWords + 2, idWords + 3];
const entryWords = idWords + 4;
const treeBit = 0x80000000;
const chunkShift = 15;
const chunkEntries = 1 << chunkShift;
const chunkMask = chunkEntries - 1;
const firstSlots = 1 << 12;
const fillLimit = 0.75;

/**
 * Where every blob of a repository lies: an open-addressed hash table in typed arrays, 48 bytes an entry plus 5 to
 * 11 bytes of slots. Entries have numbers from 0 and are never removed. The same blob may be there several times,
 * in different packs.
 */
export class BlobTable {
  readonly #chunks: Uint32Array[] = [];
  #slots = new Uint32Array(firstSlots);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get memoryBytes(): number {
    return this.#chunks.length * chunkEntries * entryWords * 4 + this.#slots.byteLength;
  }

  /** The first entry of the blob whose id begins at `ids[at]`, or -1. */
  find(type: BlobType, ids: Uint8Array, at = 0): number {
    return this.#search(type, ids, at, -1);
  }

  /** The next entry of the same blob after `entry`, or -1. */
  findNext(entry: number, type: BlobType, ids: Uint8Array, at = 0): number {
    return this.#search(type, ids, at, entry);
  }

  /** Adds an entry, also when the blob is there already; its place is pending until `setPlace`. */
  add(type: BlobType, ids: Uint8Array, at: number): number {
    if (this.#count >= this.#slots.length * fillLimit) this.#grow();
    const entry = this.#count++;
    if ((entry & chunkMask) === 0) this.#chunks.push(new Uint32Array(chunkEntries * entryWords));
    const words = this.#chunk(entry);
    const base = (entry & chunkMask) * entryWords;
    for (let word = 0; word < idWords; word++) words[base + word] = wordAt(ids, at + word * 4);
    words[base + packWord] = packPending;
    words[base + storedWord] = type === 'tree' ? treeBit : 0;
    this.#place(entry, words[base] ?? 0);
    return entry;
  }

  /** `plainBytes` is `undefined` for blobs stored without compression. */
  setPlace(
    entry: number,
    pack: number,
    offsetBytes: number,
    storedBytes: number,
    plainBytes: number | undefined,
  ): void {
    const words = this.#chunk(entry);
    const base = (entry & chunkMask) * entryWords;
    words[base + packWord] = pack;
    words[base + offsetWord] = offsetBytes;
    words[base + storedWord] = ((words[base + storedWord] ?? 0) & treeBit) | storedBytes;
    words[base + plainWord] = plainBytes ?? 0;
  }

  packOf(entry: number): number {
    return this.#word(entry, packWord);
  }

  offsetOf(entry: number): number {
    return this.#word(entry, offsetWord);
  }

  /** Sealed length in the pack. */
  storedBytesOf(entry: number): number {
    return this.#word(entry, storedWord) & ~treeBit;
  }

  /** `undefined` for blobs stored without compression. */
  compressedFromOf(entry: number): number | undefined {
    return this.#word(entry, plainWord) || undefined;
  }

  typeOf(entry: number): BlobType {
    return (this.#word(entry, storedWord) & treeBit) === 0 ? 'data' : 'tree';
  }

  copyId(entry: number, target: Uint8Array, at: number): void {
    for (let word = 0; word < idWords; word++) {
      const value = this.#word(entry, word);
      target[at + word * 4] = value;
      target[at + word * 4 + 1] = value >>> 8;
      target[at + word * 4 + 2] = value >>> 16;
      target[at + word * 4 + 3] = value >>> 24;
    }
  }

  #search(type: BlobType, ids: Uint8Array, at: number, after: number): number {
    const first = wordAt(ids, at);
    const mask = this.#slots.length - 1;
    let passed = after < 0;
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      const taken = this.#slots[slot] ?? 0;
      if (taken === 0) return -1;
      const entry = taken - 1;
      if (passed && this.#word(entry, 0) === first && this.#isSame(entry, type, ids, at)) return entry;
      if (entry === after) passed = true;
    }
  }

  #isSame(entry: number, type: BlobType, ids: Uint8Array, at: number): boolean {
    const words = this.#chunk(entry);
    const base = (entry & chunkMask) * entryWords;
    for (let word = 1; word < idWords; word++) {
      if (words[base + word] !== wordAt(ids, at + word * 4)) return false;
    }
    return this.typeOf(entry) === type;
  }

  #place(entry: number, firstWord: number): void {
    const mask = this.#slots.length - 1;
    let slot = firstWord & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  /** The slots are rebuilt from the entries, so old and new never need memory at the same time. */
  #grow(): void {
    const slots = this.#slots.length * 2;
    this.#slots = new Uint32Array(0);
    this.#slots = new Uint32Array(slots);
    for (let entry = 0; entry < this.#count; entry++) this.#place(entry, this.#word(entry, 0));
  }

  #word(entry: number, word: number): number {
    return this.#chunk(entry)[(entry & chunkMask) * entryWords + word] ?? 0;
  }

  #chunk(entry: number): Uint32Array {
    const chunk = this.#chunks[entry >>> chunkShift];
    if (!chunk) throw new RangeError(`no entry ${entry} in the table of blobs`);
    return chunk;
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0
  );
}
