import type { Socket } from 'node:net';
import { XdrError } from '../../xdr/xdr-error.ts';
import type { BufferPool } from './buffer-pool.ts';
import { RequestCollector } from './request-collector.ts';
import { answer, type Peer, type Reply } from './rpc-dispatch.ts';
import type { RpcProgram } from './rpc-program.ts';
import { Unanswered } from './unanswered.ts';

export interface ServerConnectionOptions {
  readonly socket: Socket;
  readonly programs: readonly RpcProgram[];
  readonly maxRecordBytes: number;
  readonly buffers: BufferPool;
  onClosed(): void;
}

/** Requests being carried out per connection; more are not read from the socket. */
const maxInFlight = 16;
/** Replies that the client does not fetch; while there are more, its requests are not read. */
const maxQueuedBytes = 4 * 1024 * 1024;

/** One client: requests run side by side, replies go out as they are ready. What is no RPC closes it. */
export class ServerConnection {
  readonly #options: ServerConnectionOptions;
  readonly #socket: Socket;
  readonly #peer: Peer;
  readonly #collector: RequestCollector;
  readonly #running = new Set<Promise<void>>();
  #leftOver: Uint8Array | undefined;

  constructor(options: ServerConnectionOptions) {
    const { socket } = options;
    this.#options = options;
    this.#socket = socket;
    const address = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '') ?? '';
    this.#peer = { address, port: socket.remotePort ?? 0 };
    this.#collector = new RequestCollector(
      options.maxRecordBytes,
      (record) => this.#serve(record),
      () => this.#hasRoom(),
    );
    socket.on('data', (chunk: Buffer) => this.#accept(chunk));
    socket.on('drain', () => this.#goOn());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => options.onClosed());
  }

  drop(): void {
    this.#socket.destroy();
  }

  /** Resolves when no request of this client is being carried out any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  #accept(chunk: Uint8Array): void {
    try {
      const taken = this.#collector.accept(chunk);
      if (taken < chunk.length) this.#leftOver = chunk.subarray(taken);
      if (!this.#hasRoom()) this.#socket.pause();
    } catch (error) {
      if (!(error instanceof XdrError)) throw error;
      this.#socket.destroy();
    }
  }

  #hasRoom(): boolean {
    return this.#running.size < maxInFlight && this.#socket.writableLength < maxQueuedBytes;
  }

  #goOn(): void {
    if (this.#socket.destroyed || !this.#hasRoom()) return;
    const chunk = this.#leftOver;
    this.#leftOver = undefined;
    if (chunk) this.#accept(chunk);
    if (this.#leftOver === undefined && this.#hasRoom()) this.#socket.resume();
  }

  #serve(record: Uint8Array): void {
    const running = this.#answer(record).finally(() => {
      this.#running.delete(running);
      this.#goOn();
    });
    this.#running.add(running);
  }

  async #answer(record: Uint8Array): Promise<void> {
    const { programs, buffers } = this.#options;
    let reply: Reply;
    try {
      reply = await answer(record, programs, this.#peer, buffers);
    } catch (error) {
      if (!(error instanceof Unanswered) || error.isCut) this.#socket.destroy();
      return;
    }
    if (this.#socket.destroyed) {
      reply.release?.();
      return;
    }
    this.#socket.write(reply.bytes, () => reply.release?.());
  }
}
