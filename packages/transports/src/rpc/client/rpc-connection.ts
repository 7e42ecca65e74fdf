import type { Socket } from 'node:net';
import { type Clock, LeewardError, type Timer } from '@leeward/core';
import { AbortWatch } from '../../abort-watch.ts';
import { ReceiveTarget } from '../../receive-target.ts';
import { XdrError } from '../../xdr/xdr-error.ts';
import { XdrReader } from '../../xdr/xdr-reader.ts';
import { type OpaqueAuth, type ReplyOutcome, readReplyHeader } from '../rpc-message.ts';
import { CallWriter } from './call-writer.ts';
import { type DialOptions, dial } from './dial.ts';
import { type CallCarrier, type CallEnd, PendingCall } from './pending-call.ts';
import { rejection } from './rejection.ts';
import { headReadBytes, ReplyReceiver } from './reply-receiver.ts';
import type { RpcCall } from './rpc-call.ts';

export interface RpcConnectionOptions extends Omit<DialOptions, 'onBytes' | 'nextTarget'> {
  readonly credential: OpaqueAuth;
  /** Every call is answered within this time or the connection counts as dead. */
  readonly callTimeoutMs: number;
  readonly maxRecordBytes: number;
}

/**
 * One TCP connection to one RPC server, with any number of calls in flight, matched by xid. When it breaks, or a
 * call is not answered in time, or the peer sends what is no reply, it is closed and all calls in flight fail:
 * `L-NET-110` (may be repeated elsewhere) or `L-NET-113` for the call whose answer was broken.
 */
export class RpcConnection implements CallCarrier {
  readonly #options: RpcConnectionOptions;
  readonly #clock: Clock;
  /** In order of their deadlines: all calls get the same time. */
  readonly #pending = new Map<number, PendingCall<unknown>>();
  readonly #aborts = new AbortWatch();
  readonly #receiver: ReplyReceiver<PendingCall<unknown>>;
  readonly #target = new ReceiveTarget(headReadBytes);
  #socket: Socket | undefined;
  #writer: CallWriter | undefined;
  #timer: Timer | undefined;
  #nextXid: number;
  #closed = false;
  #privileged = false;

  static async open(options: RpcConnectionOptions): Promise<RpcConnection> {
    const connection = new RpcConnection(options);
    const { socket, privileged } = await dial({
      ...options,
      onBytes: (bytes) => connection.#accept(bytes),
      nextTarget: () => connection.#nextTarget(),
    });
    connection.#attach(socket, privileged);
    return connection;
  }

  private constructor(options: RpcConnectionOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#nextXid = Math.floor(options.randomness.fraction() * 2 ** 32);
    this.#receiver = new ReplyReceiver(options.maxRecordBytes, (xid) => this.#pending.get(xid));
  }

  get closed(): boolean {
    return this.#closed;
  }

  get host(): string {
    return this.#options.host;
  }

  /** True when it comes from a local port below 1024. */
  get privileged(): boolean {
    return this.#privileged;
  }

  call<T>(call: RpcCall<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => this.start(call, { resolve, reject }, signal));
  }

  /** As `call`, without a promise: `end` learns how it settles, at once when the call cannot begin. */
  start<T>(call: RpcCall<T>, end: CallEnd<T>, signal?: AbortSignal): void {
    if (signal?.aborted) end.reject(signal.reason);
    else if (this.#closed) end.reject(this.#lost('the connection is closed'));
    else this.#begin(call, end, signal);
  }

  #begin<T>(call: RpcCall<T>, end: CallEnd<T>, signal: AbortSignal | undefined): void {
    const xid = this.#nextXid;
    this.#nextXid = (xid + 1) >>> 0;
    const deadlineMs = this.#clock.monotonicMs() + this.#options.callTimeoutMs;
    const pending = new PendingCall<T>(xid, call, deadlineMs, signal, this, end);
    this.#pending.set(xid, pending);
    if (signal) this.#aborts.add(signal, pending);
    this.#timer ??= this.#clock.after(this.#options.callTimeoutMs, () => this.#checkDeadline());
    try {
      this.#writer?.write(xid, call);
    } catch (error) {
      pending.fail(error);
    }
  }

  ended(pending: PendingCall<unknown>): void {
    this.#pending.delete(pending.xid);
    if (pending.signal) this.#aborts.remove(pending.signal, pending);
  }

  decode<T>(call: RpcCall<T>, record: Uint8Array, resultsAt: number): T {
    const reader = new XdrReader(record, resultsAt);
    if (resultsAt === 0) this.#checkOutcome(call, readReplyHeader(reader).outcome);
    return call.decode(reader);
  }

  #checkOutcome(call: RpcCall<unknown>, outcome: ReplyOutcome): void {
    if (outcome.kind !== 'success') throw rejection(call, outcome, this.host);
  }

  undecodable(error: unknown): unknown {
    if (!(error instanceof XdrError)) return error;
    this.close(this.#lost(error.message, error));
    return this.#broken(error);
  }

  aborted(pending: PendingCall<unknown>, reason: unknown): void {
    const isFilling = this.#receiver.isFilling(pending);
    pending.fail(reason);
    // The next bytes may already be on their way into the caller's target: only closing stops them.
    if (isFilling) this.close(this.#lost('a call was cancelled while its data came in'));
  }

  /** Calls in flight fail with `reason`. Idempotent. */
  close(reason: unknown = this.#lost('the connection is closed')): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#socket?.destroy();
    for (const pending of [...this.#pending.values()]) pending.fail(reason);
  }

  #nextTarget(): Uint8Array {
    const direct = this.#closed ? undefined : this.#receiver.directTarget();
    return this.#target.next(direct, this.#receiver.isAfterLarge);
  }

  #attach(socket: Socket, privileged: boolean): void {
    this.#socket = socket;
    this.#writer = new CallWriter(socket, this.#options.credential);
    this.#privileged = privileged;
    socket.on('error', (error) => this.close(this.#lost(error.message, error)));
    socket.on('close', () => this.close(this.#lost('the server closed the connection')));
    if (this.#closed) socket.destroy();
  }

  /** Goes from deadline to deadline, which costs less than a timer for each call. */
  #checkDeadline(): void {
    this.#timer = undefined;
    const oldest = this.#pending.values().next().value;
    if (!oldest || this.#closed) return;
    const leftMs = oldest.deadlineMs - this.#clock.monotonicMs();
    if (leftMs > 0) this.#timer = this.#clock.after(leftMs, () => this.#checkDeadline());
    else {
      const { callTimeoutMs } = this.#options;
      this.close(this.#lost(`${oldest.call.name} was not answered within ${callTimeoutMs} ms`));
    }
  }

  #accept(bytes: Uint8Array): void {
    if (this.#closed) return;
    try {
      this.#receiver.accept(bytes);
    } catch (error) {
      if (!(error instanceof XdrError)) throw error;
      this.#violated(error);
    }
  }

  #violated(error: XdrError): void {
    const broken = this.#broken(error);
    const { waiter } = this.#receiver;
    const culprit = waiter?.settled === false ? waiter : undefined;
    culprit?.fail(broken);
    this.close(culprit ? this.#lost(error.message, error) : broken);
  }

  #broken(error: XdrError): LeewardError {
    return new LeewardError('L-NET-113', { host: this.host, problem: error.message }, error);
  }

  #lost(reason: string, cause?: unknown): LeewardError {
    return new LeewardError('L-NET-110', { host: this.#options.host, reason }, cause);
  }
}
