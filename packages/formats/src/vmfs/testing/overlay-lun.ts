import type { LunReader } from '../lun-reader.ts';

/** A piece of a LUN. */
export interface Piece {
  readonly offset: number;
  readonly length: number;
}

/** A LUN with other bytes at some places, which also tells what was read: for tests with damage. */
export class OverlayLun implements LunReader {
  readonly sizeBytes: number;
  readonly reads: Piece[] = [];
  readBytes = 0;
  readonly #base: LunReader;
  readonly #patches: { readonly offset: number; readonly bytes: Uint8Array }[] = [];

  constructor(base: LunReader, sizeBytes = base.sizeBytes) {
    this.#base = base;
    this.sizeBytes = sizeBytes;
  }

  patch(offset: number, bytes: Uint8Array): this {
    this.#patches.push({ offset, bytes });
    return this;
  }

  async peek(offset: number, length: number): Promise<Buffer> {
    const target = Buffer.alloc(length);
    await this.#base.read(offset, target);
    return target;
  }

  /** Inverts bits of one byte. */
  async flip(offset: number, mask: number): Promise<this> {
    const [byte = 0] = await this.peek(offset, 1);
    return this.patch(offset, Uint8Array.of(byte ^ mask));
  }

  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    const end = offsetBytes + target.length;
    if (!(offsetBytes >= 0) || !(end <= this.sizeBytes)) throw new RangeError('read outside the LUN');
    this.reads.push({ offset: offsetBytes, length: target.length });
    this.readBytes += target.length;
    await this.#base.read(offsetBytes, target, signal);
    for (const { offset, bytes } of this.#patches) {
      const from = Math.max(offset, offsetBytes);
      const to = Math.min(offset + bytes.length, end);
      if (from < to) target.set(bytes.subarray(from - offset, to - offset), from - offsetBytes);
    }
  }
}
