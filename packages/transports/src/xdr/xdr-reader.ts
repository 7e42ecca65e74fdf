import { XdrError } from './xdr-error.ts';

/**
 * Reads XDR (RFC 4506) from bytes that may be hostile: every length is checked against its bound and against
 * what is left before anything is taken. Throws `XdrError`. Opaque data is a view, not a copy.
 */
export class XdrReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes =
      bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#end = end;
  }

  /** Another reader at the same place: reads ahead without moving this one. */
  copy(): XdrReader {
    return new XdrReader(this.#bytes, this.#at, this.#end);
  }

  /** Offset of the next byte in the bytes handed to the constructor. */
  get position(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  uint64(): bigint {
    return this.#bytes.readBigUInt64BE(this.#take(8));
  }

  /** An unsigned 64-bit number that must fit into a safe integer. */
  size(): number {
    const at = this.#take(8);
    const value = this.#bytes.readUInt32BE(at) * 2 ** 32 + this.#bytes.readUInt32BE(at + 4);
    if (!Number.isSafeInteger(value)) throw new XdrError('a size above 2^53');
    return value;
  }

  boolean(): boolean {
    const value = this.uint32();
    if (value > 1) throw new XdrError(`a boolean of value ${value}`);
    return value === 1;
  }

  /** Fixed-length opaque data; `length` comes from the protocol, never from the peer. */
  opaqueFixed(length: number): Uint8Array {
    const at = this.#take(length);
    this.#take(padding(length));
    return this.#bytes.subarray(at, at + length);
  }

  opaque(maxLength: number): Uint8Array {
    return this.opaqueFixed(this.length(maxLength));
  }

  /** UTF-8 text of at most `maxLength` bytes; invalid sequences become U+FFFD. */
  string(maxLength: number): string {
    const bytes = this.opaque(maxLength);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  }

  /** The length word of variable-length data, checked; the data itself is next. */
  length(maxLength: number): number {
    const length = this.uint32();
    if (length > maxLength) throw new XdrError(`length ${length} where at most ${maxLength} is allowed`);
    return length;
  }

  optional<T>(read: () => T): T | undefined {
    return this.boolean() ? read() : undefined;
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#end - at) throw new XdrError(`${length} bytes wanted, ${this.#end - at} left`);
    this.#at = at + length;
    return at;
  }
}

/** Bytes that fill `length` up to the next multiple of four. */
export function padding(length: number): number {
  return (4 - (length & 3)) & 3;
}
