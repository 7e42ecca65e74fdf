import { createServer, type Server, type Socket } from 'node:net';
import { LeewardError } from '@leeward/core';
import { BufferPool } from './buffer-pool.ts';
import { replyHeadBytes } from './rpc-dispatch.ts';
import type { RpcProgram } from './rpc-program.ts';
import { ServerConnection } from './server-connection.ts';

export interface RpcServerOptions {
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly programs: readonly RpcProgram[];
  /** Largest call that is accepted. */
  readonly maxRecordBytes: number;
  /** Largest reply; sizes the reused buffers. */
  readonly maxReplyBytes: number;
  /** Further clients are turned away. */
  readonly maxConnections: number;
}

const idleBuffers = 32;

/** RPC programs on one TCP port. */
export class RpcServer {
  readonly #server: Server;
  readonly #connections = new Set<ServerConnection>();
  readonly #options: RpcServerOptions;
  readonly #buffers: BufferPool;

  /** Throws `L-NET-301` when it cannot listen. */
  static async listen(options: RpcServerOptions): Promise<RpcServer> {
    const server = new RpcServer(options);
    await server.#listen();
    return server;
  }

  private constructor(options: RpcServerOptions) {
    this.#options = options;
    this.#buffers = new BufferPool(options.maxReplyBytes + replyHeadBytes, idleBuffers);
    this.#server = createServer({ noDelay: true, keepAlive: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = options.maxConnections;
  }

  get port(): number {
    const bound = this.#server.address();
    return bound && typeof bound === 'object' ? bound.port : this.#options.port;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Cuts all connections, as a network fault would; new ones are accepted. */
  dropConnections(): void {
    for (const connection of this.#connections) connection.drop();
  }

  /** Stops listening, cuts all connections and waits for the requests being carried out. Idempotent. */
  async close(): Promise<void> {
    const connections = [...this.#connections];
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.dropConnections();
    await Promise.all(connections.map((connection) => connection.settled()));
    await closed;
  }

  #accept(socket: Socket): void {
    const { programs, maxRecordBytes } = this.#options;
    const connection = new ServerConnection({
      socket,
      programs,
      maxRecordBytes,
      buffers: this.#buffers,
      onClosed: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
  }

  #listen(): Promise<void> {
    const { address, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) => {
        reject(new LeewardError('L-NET-301', { address, port, reason: error.message }, error));
      });
      this.#server.listen({ host: address, port }, () => resolve());
    });
  }
}
