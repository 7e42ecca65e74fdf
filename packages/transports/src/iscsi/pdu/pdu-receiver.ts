import { isLargePiece } from '../../receive-target.ts';
import { type Crc32c, crc32c } from './crc32c.ts';
import { headerBytes } from './opcodes.ts';
import { type Digests, noDigests } from './pdu-encoder.ts';
import { PduError } from './pdu-error.ts';

/** Takes the PDUs of one connection. */
export interface PduSink {
  /**
   * Where the data segment of `lengthBytes` > 0 belongs: exactly that many bytes, `collect` for a buffer of its
   * own, or `discard`. The header is a reused buffer.
   */
  place(header: Buffer, lengthBytes: number): Uint8Array | 'collect' | 'discard';
  /** The header is a reused buffer; `data` belongs to the sink, and is empty when it was placed or discarded. */
  received(header: Buffer, data: Uint8Array): void;
}

type Stage = 'header' | 'more' | 'header-digest' | 'data' | 'padding' | 'data-digest';

const nothing = new Uint8Array(0);

/**
 * Turns the bytes of one connection into PDUs, with digests as negotiated. Data goes where the sink wants it, one
 * copy, or is received there at once, where the connection asks for `directTarget`. No data segment above `maxDataBytes` is accepted. Throws `PduError` on anything that cannot be a PDU; the receiver is of no use then.
 */
export class PduReceiver {
  readonly #sink: PduSink;
  readonly #crc: Crc32c;
  readonly #small = Buffer.alloc(headerBytes + 255 * 4);
  readonly #digest = Buffer.alloc(4);
  readonly #header = this.#small.subarray(0, headerBytes);
  maxDataBytes: number;
  digests: Digests = noDigests;
  #stage: Stage = 'header';
  #filled = 0;
  #wanted = headerBytes;
  #dataBytes = 0;
  /** Bytes of the data segment received so far. */
  #dataFilled = 0;
  #target: Uint8Array | undefined;
  #collected = false;
  #dataCrc = 0;
  #stopped = false;
  #isHandedOut = false;
  #isAfterLarge = false;

  constructor(sink: PduSink, maxDataBytes: number, crc: Crc32c = crc32c) {
    this.#sink = sink;
    this.maxDataBytes = maxDataBytes;
    this.#crc = crc;
  }

  /** Ignores everything from now on, also the rest of the chunk that is being taken. */
  stop(): void {
    this.#stopped = true;
    this.#target = undefined;
  }

  accept(chunk: Uint8Array): void {
    this.#isHandedOut = false;
    let at = 0;
    while (at < chunk.length && !this.#stopped)
      at += this.#stage === 'data' ? this.#takeData(chunk, at) : this.#takeSmall(chunk, at);
  }

  /**
   * Where the next bytes of the stream belong, when that is a large piece of a target: they may be received there
   * and MUST then be handed to `accept` as a view of it.
   */
  directTarget(): Uint8Array | undefined {
    if (this.#stage !== 'data' || this.#stopped) return undefined;
    if (!isLargePiece(this.#dataBytes)) return undefined;
    const direct = this.#target?.subarray(this.#dataFilled, this.#dataBytes);
    this.#isHandedOut = direct !== undefined;
    return direct;
  }

  /** Whether the last data segment, or the one that is coming in, was large. */
  get isAfterLarge(): boolean {
    return this.#isAfterLarge;
  }

  /**
   * Drops the rest of the data segment that is coming in. False when that cannot be: the target is handed out, and
   * only the end of the connection keeps bytes away from it.
   */
  discardRest(): boolean {
    if (this.#stage === 'data') this.#target = undefined;
    return !this.#isHandedOut;
  }

  #takeData(chunk: Uint8Array, at: number): number {
    const taken = Math.min(chunk.length - at, this.#dataBytes - this.#dataFilled);
    const piece = chunk.subarray(at, at + taken);
    if (this.digests.data) this.#dataCrc = this.#crc(piece, this.#dataCrc);
    if (this.#target && !isAt(piece, this.#target, this.#dataFilled))
      this.#target.set(piece, this.#dataFilled);
    this.#dataFilled += taken;
    if (this.#dataFilled === this.#dataBytes) this.#afterData();
    return taken;
  }

  #takeSmall(chunk: Uint8Array, at: number): number {
    const taken = Math.min(chunk.length - at, this.#wanted - this.#filled);
    const into = this.#stage === 'header' || this.#stage === 'more' ? this.#small : this.#digest;
    const from = this.#stage === 'more' ? headerBytes : 0;
    into.set(chunk.subarray(at, at + taken), from + this.#filled);
    this.#filled += taken;
    if (this.#filled === this.#wanted) this.#endSmall();
    return taken;
  }

  #expect(stage: Stage, wanted: number): void {
    this.#stage = stage;
    this.#filled = 0;
    this.#wanted = wanted;
  }

  #endSmall(): void {
    switch (this.#stage) {
      case 'header':
        this.#afterHeader();
        break;
      case 'more':
        this.#afterMore();
        break;
      case 'header-digest':
        this.#afterHeaderDigest();
        break;
      case 'padding':
        if (this.digests.data)
          this.#dataCrc = this.#crc(this.#digest.subarray(0, this.#wanted), this.#dataCrc);
        this.#afterPadding();
        break;
      default:
        if (this.#digest.readUInt32LE() !== this.#dataCrc) throw new PduError('a wrong data digest');
        this.#complete();
    }
  }

  #moreBytes(): number {
    return (this.#header[4] as number) * 4;
  }

  #afterHeader(): void {
    this.#dataBytes = this.#header.readUIntBE(5, 3);
    // With a header digest the length counts only when the digest is right; here it bounds nothing yet.
    if (!this.digests.header) this.#checkLength();
    if (this.#moreBytes() > 0) this.#expect('more', this.#moreBytes());
    else this.#afterMore();
  }

  #afterMore(): void {
    if (this.digests.header) this.#expect('header-digest', 4);
    else this.#beginData();
  }

  #afterHeaderDigest(): void {
    const covered = this.#small.subarray(0, headerBytes + this.#moreBytes());
    if (this.#digest.readUInt32LE() !== this.#crc(covered)) throw new PduError('a wrong header digest');
    this.#checkLength();
    this.#beginData();
  }

  #checkLength(): void {
    if (this.#dataBytes > this.maxDataBytes)
      throw new PduError(
        `a data segment of ${this.#dataBytes} bytes, above the bound of ${this.maxDataBytes}`,
      );
  }

  #beginData(): void {
    if (this.#dataBytes === 0) {
      this.#complete();
      return;
    }
    this.#isAfterLarge = isLargePiece(this.#dataBytes);
    const place = this.#sink.place(this.#header, this.#dataBytes);
    if (this.#stopped) return;
    this.#collected = place === 'collect';
    this.#target =
      place === 'collect' ? Buffer.allocUnsafeSlow(this.#dataBytes) : place === 'discard' ? undefined : place;
    this.#dataFilled = 0;
    this.#dataCrc = 0;
    this.#stage = 'data';
  }

  #afterData(): void {
    const padding = (4 - (this.#dataBytes & 3)) & 3;
    if (padding > 0) this.#expect('padding', padding);
    else this.#afterPadding();
  }

  #afterPadding(): void {
    if (this.digests.data) this.#expect('data-digest', 4);
    else this.#complete();
  }

  #complete(): void {
    const data = this.#dataBytes > 0 && this.#collected ? this.#target : undefined;
    this.#target = undefined;
    this.#collected = false;
    this.#expect('header', headerBytes);
    this.#sink.received(this.#header, data ?? nothing);
  }
}

/** Whether the piece is in its place already. */
function isAt(piece: Uint8Array, target: Uint8Array, offset: number): boolean {
  return piece.buffer === target.buffer && piece.byteOffset === target.byteOffset + offset;
}
