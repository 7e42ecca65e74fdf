import { isLargePiece } from '../../receive-target.ts';
import { XdrError } from '../../xdr/xdr-error.ts';
import { XdrReader } from '../../xdr/xdr-reader.ts';
import { type FragmentSink, FragmentSplitter, markBytes } from '../record-mark.ts';
import { readReplyOutcome } from '../rpc-message.ts';

/** Who waits for a reply. `settled` calls get nothing any more: their buffer belongs to the caller again. */
export interface ReplyWaiter {
  readonly settled: boolean;
  /** The whole place of what `place` places, where that is known before the reply. */
  readonly target?: Uint8Array | undefined;
  place?(reader: XdrReader): Uint8Array | undefined;
  /**
   * The record without the data that was placed; a record of which data was placed is valid only during the call.
   * Where its header was read already and tells success, the results begin at `resultsAt`, else that is 0.
   */
  receive(record: Uint8Array, resultsAt: number): void;
}

/** More than any reply head: RPC header with a full verifier (424), status, attributes and three words. */
const headLimitBytes = 528;

/** The mark of a record, and all that the head of a reply can be. */
export const headReadBytes = markBytes + headLimitBytes;

/**
 * Turns the bytes of one connection into replies. Data of a READ goes from the socket's buffer into the caller's
 * target, one copy, or is received there at once, where the connection asks for `directTarget`. Everything is bounded
 * by `maxRecordBytes`; throws `XdrError` on anything that cannot be a reply.
 */
export class ReplyReceiver<Waiter extends ReplyWaiter> implements FragmentSink {
  readonly #splitter = new FragmentSplitter();
  readonly #maxRecordBytes: number;
  readonly #find: (xid: number) => Waiter | undefined;
  #record = Buffer.allocUnsafe(1024);
  #recordBytes = 0;
  /** Where the results of the record begin, once its header was read and tells success. */
  #resultsAt = 0;
  /** Content bytes of the record so far, placed ones included. */
  #totalBytes = 0;
  #stage: 'head' | 'collect' | 'data' | 'discard' = 'head';
  #xid = 0;
  #waiter: Waiter | undefined;
  #target: Uint8Array | undefined;
  #targetFilled = 0;
  #isHandedOut = false;
  /** While it is handed out: whose target has a part in what is. */
  #lender: Waiter | undefined;
  /** The chunk that is being taken was received where `directTarget` said. */
  #isDirect = false;
  #isAfterLarge = false;

  constructor(maxRecordBytes: number, find: (xid: number) => Waiter | undefined) {
    this.#maxRecordBytes = maxRecordBytes;
    this.#find = find;
  }

  accept(chunk: Uint8Array): void {
    this.#isDirect = this.#isHandedOut;
    this.#isHandedOut = false;
    this.#lender = undefined;
    this.#splitter.feed(chunk, this);
  }

  /** Whose reply is coming in. */
  get waiter(): Waiter | undefined {
    return this.#waiter;
  }

  /**
   * Where the next bytes of the stream belong, when that is known: they may be received there and MUST be handed
   * to `accept` as a view of it. From then until `accept`, `isFilling` is true for those whose target it is. Where the
   * target of the next call begins behind this one, the head of its reply is received there, in the place of the
   * data that has not come yet: one receive for each reply instead of two.
   */
  directTarget(): Uint8Array | undefined {
    const target = this.#target;
    if (!target || this.#waiter?.settled) return undefined;
    const left = target.length - this.#targetFilled;
    const room = Math.min(left, this.#splitter.left);
    if (room === 0 || !isLargePiece(target.length)) return undefined;
    this.#isHandedOut = true;
    this.#lender = room === left ? this.#neighbour(target) : undefined;
    if (!this.#lender) return target.subarray(this.#targetFilled, this.#targetFilled + room);
    return new Uint8Array(target.buffer, target.byteOffset + this.#targetFilled, room + headReadBytes);
  }

  /** The call that was sent after the one whose reply is coming in, if its target begins where `target` ends. */
  #neighbour(target: Uint8Array): Waiter | undefined {
    const next = this.#find((this.#xid + 1) >>> 0);
    const place = next?.target;
    if (!place || place.length < headReadBytes || place.buffer !== target.buffer) return undefined;
    return place.byteOffset === target.byteOffset + target.length ? next : undefined;
  }

  /** Whether the last data that was placed, or is being placed, was large. */
  get isAfterLarge(): boolean {
    return this.#isAfterLarge;
  }

  /** True while the target of `waiter` may be written to from outside. */
  isFilling(waiter: Waiter): boolean {
    return this.#isHandedOut && (this.#waiter === waiter || this.#lender === waiter);
  }

  started(lengthBytes: number): void {
    if (lengthBytes > this.#maxRecordBytes - this.#totalBytes)
      throw new XdrError(`a record above the bound of ${this.#maxRecordBytes} bytes`);
  }

  payload(chunk: Uint8Array, start: number, end: number): void {
    this.#totalBytes += end - start;
    let at = start;
    if (this.#stage === 'head') {
      at = Math.min(end, start + headLimitBytes - this.#recordBytes);
      this.#append(chunk, start, at);
      if (this.#recordBytes >= headLimitBytes) this.#readHead();
    }
    if (at === end) return;
    if (this.#stage === 'collect') this.#append(chunk, at, end);
    else if (this.#stage === 'data') this.#fill(chunk, at, end);
  }

  ended(): void {
    if (this.#stage === 'head') this.#readHead();
    const waiter = this.#waiter;
    if (this.#stage === 'data' && this.#targetFilled < (this.#target?.length ?? 0) && !waiter?.settled)
      throw new XdrError('a record that ends inside its data');
    const received = this.#record.subarray(0, this.#recordBytes);
    const record = this.#stage === 'data' ? received : Buffer.from(received);
    const resultsAt = this.#resultsAt;
    this.#recordBytes = 0;
    this.#resultsAt = 0;
    this.#totalBytes = 0;
    this.#stage = 'head';
    this.#waiter = undefined;
    this.#target = undefined;
    this.#targetFilled = 0;
    if (this.#record.length > 64 * 1024) this.#record = Buffer.allocUnsafe(1024);
    if (waiter && !waiter.settled) waiter.receive(record, resultsAt);
  }

  #readHead(): void {
    const header = new XdrReader(this.#record, 0, this.#recordBytes);
    this.#xid = header.uint32();
    this.#waiter = this.#find(this.#xid);
    if (!this.#waiter) {
      this.#stage = 'discard';
      return;
    }
    this.#stage = 'collect';
    if (!this.#waiter.place) return;
    if (readReplyOutcome(header).kind !== 'success') return;
    this.#resultsAt = header.position;
    const target = this.#waiter.place(header);
    if (!target) return;
    this.#stage = 'data';
    this.#target = target;
    this.#isAfterLarge = isLargePiece(target.length);
    const headEnd = this.#recordBytes;
    this.#recordBytes = header.position;
    this.#fill(this.#record, header.position, headEnd);
  }

  /** What follows behind the data (padding) is dropped. */
  #fill(chunk: Uint8Array, start: number, end: number): void {
    const target = this.#target;
    if (!target || this.#waiter?.settled) return;
    const length = Math.min(end - start, target.length - this.#targetFilled);
    const at = this.#targetFilled;
    const isThere =
      this.#isDirect && chunk.buffer === target.buffer && chunk.byteOffset + start === target.byteOffset + at;
    if (!isThere) target.set(chunk.subarray(start, start + length), at);
    this.#targetFilled = at + length;
  }

  #append(chunk: Uint8Array, start: number, end: number): void {
    const recordBytes = this.#recordBytes + end - start;
    if (recordBytes > this.#record.length) {
      const larger = Buffer.allocUnsafe(Math.max(recordBytes, this.#record.length * 2));
      this.#record.copy(larger, 0, 0, this.#recordBytes);
      this.#record = larger;
    }
    this.#record.set(chunk.subarray(start, end), this.#recordBytes);
    this.#recordBytes = recordBytes;
  }
}
