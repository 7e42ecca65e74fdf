import { padding } from './xdr-reader.ts';

/** Writes XDR (RFC 4506) into a buffer that grows, or into one that was handed in and is large enough. */
export class XdrWriter {
  #bytes: Buffer;
  #at: number;

  /** Starts writing at `start` of `bytes`; what is before it stays as it is. */
  constructor(bytes: Uint8Array = Buffer.allocUnsafe(256), start = 0) {
    this.#bytes =
      bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
  }

  get position(): number {
    return this.#at;
  }

  uint32(value: number): this {
    const at = this.#reserve(4);
    this.#bytes.writeUInt32BE(value, at);
    return this;
  }

  uint64(value: bigint | number): this {
    const at = this.#reserve(8);
    if (typeof value === 'bigint') this.#bytes.writeBigUInt64BE(value, at);
    else {
      const high = Math.floor(value / 2 ** 32);
      this.#bytes.writeUInt32BE(high, at);
      this.#bytes.writeUInt32BE(value - high * 2 ** 32, at + 4);
    }
    return this;
  }

  boolean(value: boolean): this {
    return this.uint32(value ? 1 : 0);
  }

  opaqueFixed(data: Uint8Array): this {
    const fill = padding(data.length);
    const at = this.#reserve(data.length + fill);
    this.#bytes.set(data, at);
    if (fill > 0) this.#bytes.fill(0, at + data.length, at + data.length + fill);
    return this;
  }

  opaque(data: Uint8Array): this {
    return this.uint32(data.length).opaqueFixed(data);
  }

  string(text: string): this {
    return this.opaque(Buffer.from(text, 'utf8'));
  }

  optional<T>(value: T | undefined, write: (value: T) => void): this {
    this.boolean(value !== undefined);
    if (value !== undefined) write(value);
    return this;
  }

  /** Leaves `length` bytes to be filled later; they hold whatever was there. */
  skip(length: number): this {
    this.#reserve(length);
    return this;
  }

  /** Overwrites the word at `position`. */
  patch(position: number, value: number): this {
    this.#bytes.writeUInt32BE(value, position);
    return this;
  }

  /** Takes back everything written from `position` on. */
  rewind(position: number): this {
    this.#at = position;
    return this;
  }

  /** What was written: a view, valid until the next write. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  #reserve(length: number): number {
    const at = this.#at;
    const end = at + length;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    this.#at = end;
    return at;
  }
}
