import type { BlockStore } from './block-store.ts';

const chunkBytes = 4096;
const zeros = Buffer.alloc(chunkBytes);

/** A sparse LUN in memory: costs what was written. */
export class MemoryStore implements BlockStore {
  readonly sizeBytes: number;
  readonly #chunks: Map<number, Buffer>;

  constructor(sizeBytes: number, chunks = new Map<number, Buffer>()) {
    this.sizeBytes = sizeBytes;
    this.#chunks = chunks;
  }

  get storedBytes(): number {
    return this.#chunks.size * chunkBytes;
  }

  /** A storage snapshot: the same content, independent from now on. */
  copy(): MemoryStore {
    const chunks = new Map([...this.#chunks].map(([index, chunk]) => [index, Buffer.from(chunk)]));
    return new MemoryStore(this.sizeBytes, chunks);
  }

  async read(offsetBytes: number, target: Uint8Array): Promise<void> {
    this.#each(offsetBytes, target.length, (index, inside, at, length) => {
      const chunk = this.#chunks.get(index);
      if (chunk) target.set(chunk.subarray(inside, inside + length), at);
      else target.fill(0, at, at + length);
    });
  }

  async write(offsetBytes: number, data: Uint8Array): Promise<void> {
    this.#each(offsetBytes, data.length, (index, inside, at, length) => {
      const part = data.subarray(at, at + length);
      let chunk = this.#chunks.get(index);
      if (!chunk) {
        if (Buffer.compare(part, zeros.subarray(0, length)) === 0) return;
        chunk = Buffer.alloc(chunkBytes);
        this.#chunks.set(index, chunk);
      }
      chunk.set(part, inside);
    });
  }

  #each(
    offsetBytes: number,
    lengthBytes: number,
    callback: (index: number, inside: number, at: number, length: number) => void,
  ): void {
    if (!(offsetBytes >= 0) || !(offsetBytes + lengthBytes <= this.sizeBytes))
      throw new RangeError(`bytes ${offsetBytes} +${lengthBytes} of a store of ${this.sizeBytes}`);
    for (let at = 0; at < lengthBytes; ) {
      const index = Math.floor((offsetBytes + at) / chunkBytes);
      const inside = (offsetBytes + at) % chunkBytes;
      const length = Math.min(chunkBytes - inside, lengthBytes - at);
      callback(index, inside, at, length);
      at += length;
    }
  }
}
