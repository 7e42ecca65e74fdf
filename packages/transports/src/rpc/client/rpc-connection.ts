import type { Socket } from 'node:net';
import { type Clock, LeewardError, type Timer } from '@leeward/core';
import { XdrError } from '../../xdr/xdr-error.ts';
import { padding, XdrReader } from '../../xdr/xdr-reader.ts';
import { XdrWriter } from '../../xdr/xdr-writer.ts';
import { markBytes, singleFragmentMark } from '../record-mark.ts';
import { type OpaqueAuth, readReplyHeader, writeCallHeader } from '../rpc-message.ts';
import { type DialOptions, dial } from './dial.ts';
import { rejection } from './rejection.ts';
import { ReplyReceiver, type ReplyWaiter } from './reply-receiver.ts';
import type { RpcCall } from './rpc-call.ts';

export interface RpcConnectionOptions extends Omit<DialOptions, 'onBytes' | 'nextTarget'> {
  readonly credential: OpaqueAuth;
  /** Every call is answered within this time or the connection counts as dead. */
  readonly callTimeoutMs: number;
  readonly maxRecordBytes: number;
}

interface Pending extends ReplyWaiter {
  settled: boolean;
  fail(error: unknown): void;
}

const nothing = new Uint8Array(4);

/**
 * One TCP connection to one RPC server, with any number of calls in flight, matched by xid. When it breaks, or a
 * call is not answered in time, or the peer sends what is no reply, it is closed and all calls in flight fail:
 * `L-NET-110` (may be repeated elsewhere) or `L-NET-113` for the call whose answer was broken.
 */
export class RpcConnection {
  readonly #options: RpcConnectionOptions;
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  readonly #receiver: ReplyReceiver;
  #socket: Socket | undefined;
  #nextXid: number;
  #closed = false;
  #receiving: Pending | undefined;
  #privileged = false;

  static async open(options: RpcConnectionOptions): Promise<RpcConnection> {
    const connection = new RpcConnection(options);
    const { socket, privileged } = await dial({
      ...options,
      onBytes: (bytes) => connection.#accept(bytes),
      nextTarget: () => (connection.#closed ? undefined : connection.#receiver.directTarget()),
    });
    connection.#attach(socket, privileged);
    return connection;
  }

  private constructor(options: RpcConnectionOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#nextXid = Math.floor(options.randomness.fraction() * 2 ** 32);
    this.#receiver = new ReplyReceiver(options.maxRecordBytes, (xid) => {
      this.#receiving = this.#pending.get(xid);
      return this.#receiving;
    });
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
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#closed) return Promise.reject(this.#lost('the connection is closed'));
    const xid = this.#nextXid;
    this.#nextXid = (xid + 1) >>> 0;
    return new Promise<T>((resolve, reject) => {
      const finish = () => {
        pending.settled = true;
        timer.cancel();
        signal?.removeEventListener('abort', onAbort);
        this.#pending.delete(xid);
      };
      const pending: Pending = {
        settled: false,
        ...(call.place ? { place: (reader: XdrReader) => call.place?.(reader) } : {}),
        receive: (record) => {
          finish();
          try {
            resolve(this.#decode(call, record));
          } catch (error) {
            if (!(error instanceof XdrError)) return reject(error);
            reject(this.#broken(error));
            this.close(this.#lost(error.message, error));
          }
        },
        fail: (error) => {
          finish();
          reject(error);
        },
      };
      const onAbort = () => {
        // The next bytes may already be on their way into the caller's target: only closing stops them.
        if (this.#receiver.isFilling(pending)) this.#abandon(pending, signal?.reason);
        else pending.fail(signal?.reason);
      };
      const timer: Timer = this.#clock.after(this.#options.callTimeoutMs, () =>
        this.close(this.#lost(`${call.name} was not answered within ${this.#options.callTimeoutMs} ms`)),
      );
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#pending.set(xid, pending);
      this.#send(xid, call);
    });
  }

  /** Calls in flight fail with `reason`. Idempotent. */
  close(reason: unknown = this.#lost('the connection is closed')): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket?.destroy();
    for (const pending of [...this.#pending.values()]) pending.fail(reason);
  }

  #attach(socket: Socket, privileged: boolean): void {
    this.#socket = socket;
    this.#privileged = privileged;
    socket.on('error', (error) => this.close(this.#lost(error.message, error)));
    socket.on('close', () => this.close(this.#lost('the server closed the connection')));
    if (this.#closed) socket.destroy();
  }

  #send<T>(xid: number, call: RpcCall<T>): void {
    const writer = new XdrWriter(Buffer.allocUnsafe(512), markBytes);
    const { program, version, procedure, payload } = call;
    writeCallHeader(writer, { xid, program, version, procedure, credential: this.#options.credential });
    call.encode?.(writer);
    const socket = this.#socket;
    if (!socket) return;
    this.#gather(socket);
    if (!payload) {
      writer.patch(0, singleFragmentMark(writer.position - markBytes));
      socket.write(writer.bytes());
      return;
    }
    const fill = padding(payload.length);
    writer.uint32(payload.length);
    writer.patch(0, singleFragmentMark(writer.position - markBytes + payload.length + fill));
    socket.write(writer.bytes());
    socket.write(payload);
    if (fill > 0) socket.write(nothing.subarray(0, fill));
  }

  /** Calls made in one turn leave in one system call. */
  #gather(socket: Socket): void {
    if (socket.writableCorked > 0) return;
    socket.cork();
    process.nextTick(() => socket.uncork());
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

  #decode<T>(call: RpcCall<T>, record: Uint8Array): T {
    const reader = new XdrReader(record);
    const { outcome } = readReplyHeader(reader);
    if (outcome.kind !== 'success') throw rejection(call, outcome, this.host);
    return call.decode(reader);
  }

  #abandon(pending: Pending, reason: unknown): void {
    pending.fail(reason);
    this.close(this.#lost('a call was cancelled while its data came in'));
  }

  #violated(error: XdrError): void {
    const broken = this.#broken(error);
    const culprit = this.#receiving?.settled === false ? this.#receiving : undefined;
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
