import type { FileReader } from '../chain/file-reader.ts';

const chunkBytes = 64 * 1024;

/** A file in memory of any size; what was never written is zeros and takes no memory. */
export class SparseFile implements FileReader {
  sizeBytes = 0;
  /** Reads so far, and the bytes that they gave. */
  reads = 0;
  readBytes = 0;
  readonly #chunks = new Map<number, Uint8Array>();

  static of(bytes: Uint8Array): SparseFile {
    const file = new SparseFile();
    file.write(0, bytes);
    return file;
  }

  write(offsetBytes: number, bytes: Uint8Array): void {
    this.sizeBytes = Math.max(this.sizeBytes, offsetBytes + bytes.length);
    this.#each(offsetBytes, bytes.length, (index, inChunk, at, length) => {
      const chunk = this.#chunks.get(index) ?? new Uint8Array(chunkBytes);
      this.#chunks.set(index, chunk);
      chunk.set(bytes.subarray(at, at + length), inChunk);
    });
  }

  /** Cuts the file off, or makes it longer by a hole. */
  truncate(sizeBytes: number): void {
    this.sizeBytes = sizeBytes;
  }

  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    await Promise.resolve();
    signal?.throwIfAborted();
    const isInside = Number.isSafeInteger(offsetBytes) && offsetBytes >= 0;
    if (!isInside || offsetBytes + target.length > this.sizeBytes)
      throw new RangeError(`read of ${offsetBytes} + ${target.length} in a file of ${this.sizeBytes}`);
    this.reads++;
    this.readBytes += target.length;
    this.#each(offsetBytes, target.length, (index, inChunk, at, length) => {
      const chunk = this.#chunks.get(index);
      if (chunk) target.set(chunk.subarray(inChunk, inChunk + length), at);
      else target.fill(0, at, at + length);
    });
  }

  /** Written parts in file order. */
  *parts(): Generator<{ readonly offsetBytes: number; readonly bytes: Uint8Array }> {
    for (const [index, bytes] of [...this.#chunks].toSorted(([a], [b]) => a - b)) {
      const offsetBytes = index * chunkBytes;
      if (offsetBytes < this.sizeBytes)
        yield { offsetBytes, bytes: bytes.subarray(0, this.sizeBytes - offsetBytes) };
    }
  }

  #each(
    offsetBytes: number,
    lengthBytes: number,
    visit: (index: number, inChunk: number, at: number, length: number) => void,
  ): void {
    for (let at = 0; at < lengthBytes; ) {
      const index = Math.floor((offsetBytes + at) / chunkBytes);
      const inChunk = (offsetBytes + at) % chunkBytes;
      const length = Math.min(chunkBytes - inChunk, lengthBytes - at);
      visit(index, inChunk, at, length);
      at += length;
    }
  }
}
