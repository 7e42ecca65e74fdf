import type { Abortable } from '../../abort-watch.ts';
import type { XdrReader } from '../../xdr/xdr-reader.ts';
import type { ReplyWaiter } from './reply-receiver.ts';
import type { RpcCall } from './rpc-call.ts';

/** The connection of a call in flight. */
export interface CallCarrier {
  /** The results of the call, `record` and `resultsAt` as of `ReplyWaiter`; throws what it fails with. */
  decode<T>(call: RpcCall<T>, record: Uint8Array, resultsAt: number): T;
  /** The call settles now. */
  ended(pending: PendingCall<unknown>): void;
  /** What `decode` threw; it is the error of the call. */
  undecodable(error: unknown): unknown;
  /** The signal of the call aborted. */
  aborted(pending: PendingCall<unknown>, reason: unknown): void;
}

/** How a call settles. */
export interface CallEnd<T> {
  resolve(result: T): void;
  reject(error: unknown): void;
}

/** One call in flight on one connection. */
export class PendingCall<T> implements ReplyWaiter, Abortable {
  readonly xid: number;
  readonly call: RpcCall<T>;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  readonly #carrier: CallCarrier;
  readonly #end: CallEnd<T>;
  settled = false;
  watchIndex = 0;

  constructor(
    xid: number,
    call: RpcCall<T>,
    deadlineMs: number,
    signal: AbortSignal | undefined,
    carrier: CallCarrier,
    end: CallEnd<T>,
  ) {
    this.xid = xid;
    this.call = call;
    this.deadlineMs = deadlineMs;
    this.signal = signal;
    this.#carrier = carrier;
    this.#end = end;
  }

  get target(): Uint8Array | undefined {
    return this.call.target;
  }

  place(reader: XdrReader): Uint8Array | undefined {
    return this.call.place?.(reader);
  }

  receive(record: Uint8Array, resultsAt: number): void {
    if (this.settled) return;
    this.#settle();
    let result: T;
    try {
      result = this.#carrier.decode(this.call, record, resultsAt);
    } catch (error) {
      this.#end.reject(this.#carrier.undecodable(error));
      return;
    }
    this.#end.resolve(result);
  }

  /** Idempotent. */
  fail(error: unknown): void {
    if (this.settled) return;
    this.#settle();
    this.#end.reject(error);
  }

  aborted(reason: unknown): void {
    this.#carrier.aborted(this, reason);
  }

  #settle(): void {
    this.settled = true;
    this.#carrier.ended(this);
  }
}
