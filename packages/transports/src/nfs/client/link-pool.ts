import type { LeewardError } from '@leeward/core';
import { type Abortable, AbortWatch } from '../../abort-watch.ts';
import type { CallObserver } from '../../rpc/client/pending-call.ts';
import type { RpcCall } from '../../rpc/client/rpc-call.ts';
import type { RpcConnection } from '../../rpc/client/rpc-connection.ts';

interface Link extends CallObserver {
  connection: RpcConnection | undefined;
  opening: Promise<RpcConnection> | undefined;
  opened: number;
  inFlight: number;
}

interface Waiting extends Abortable {
  grant(link: Link): void;
}

export interface LinkPoolOptions {
  readonly connections: number;
  readonly callsInFlight: number;
  open(signal: AbortSignal): Promise<RpcConnection>;
  onReopened(): void;
}

/**
 * Several connections to one server, each opened when it is needed and again when it broke, with a bound of
 * calls in flight on each. A call is sent once; it fails with the error of its connection.
 */
export class LinkPool {
  readonly #options: LinkPoolOptions;
  readonly #links: Link[];
  readonly #queue = new Set<Waiting>();
  readonly #aborts = new AbortWatch();
  readonly #ending = new AbortController();
  /** The bound on each connection; where it is lowered, calls above it still end. */
  callsInFlight: number;

  constructor(options: LinkPoolOptions) {
    this.#options = options;
    this.callsInFlight = options.callsInFlight;
    this.#links = Array.from({ length: options.connections }, () => {
      const link: Link = {
        connection: undefined,
        opening: undefined,
        opened: 0,
        inFlight: 0,
        callEnded: () => this.#release(link),
      };
      return link;
    });
  }

  call<T>(call: RpcCall<T>, signal?: AbortSignal): Promise<T> {
    const link = this.#takeFree();
    const connection = link && this.#openConnection(link);
    return connection ? connection.call(call, signal, link) : this.#callLater(link, call, signal);
  }

  /** When there is no free slot, or no connection at it. */
  async #callLater<T>(free: Link | undefined, call: RpcCall<T>, signal: AbortSignal | undefined): Promise<T> {
    const link = free ?? (await this.#wait(signal));
    let connection: RpcConnection;
    try {
      connection = this.#openConnection(link) ?? (await this.#connection(link, signal));
    } catch (error) {
      this.#release(link);
      throw error;
    }
    return connection.call(call, signal, link);
  }

  /** True when a connection is open and comes from a local port below 1024. */
  get privileged(): boolean {
    return this.#links.some((link) => link.connection?.privileged === true);
  }

  /** Calls in flight and later ones fail with `reason`. */
  close(reason: LeewardError): void {
    this.#ending.abort(reason);
    for (const link of this.#links) link.connection?.close(reason);
  }

  /** A slot on the least busy link, unless all are full or others wait already. */
  #takeFree(): Link | undefined {
    if (this.#queue.size > 0) return undefined;
    let best: Link | undefined;
    for (const link of this.#links) if (!best || link.inFlight < best.inFlight) best = link;
    if (!best || best.inFlight >= this.callsInFlight) return undefined;
    best.inFlight++;
    return best;
  }

  #wait(signal: AbortSignal | undefined): Promise<Link> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const waiting: Waiting = {
        grant: (link) => {
          if (signal) this.#aborts.remove(signal, waiting);
          resolve(link);
        },
        aborted: (reason) => {
          this.#queue.delete(waiting);
          reject(reason);
        },
      };
      if (signal) this.#aborts.add(signal, waiting);
      this.#queue.add(waiting);
    });
  }

  /** Hands the slot to the next who waits, or frees it. */
  #release(link: Link): void {
    const next = this.#queue.values().next().value;
    if (!next) {
      link.inFlight--;
      return;
    }
    this.#queue.delete(next);
    next.grant(link);
  }

  #openConnection({ connection }: Link): RpcConnection | undefined {
    return connection?.closed === false && !this.#ending.signal.aborted ? connection : undefined;
  }

  async #connection(link: Link, signal: AbortSignal | undefined): Promise<RpcConnection> {
    if (this.#ending.signal.aborted) throw this.#ending.signal.reason;
    const open = this.#openConnection(link);
    if (open) return open;
    link.opening ??= this.#open(link).finally(() => {
      link.opening = undefined;
    });
    return orAborted(link.opening, signal);
  }

  /** Shared by all who wait for the link, so no single caller's abort stops it. */
  async #open(link: Link): Promise<RpcConnection> {
    const connection = await this.#options.open(this.#ending.signal);
    if (this.#ending.signal.aborted) {
      connection.close();
      throw this.#ending.signal.reason;
    }
    link.connection = connection;
    if (link.opened++ > 0) this.#options.onReopened();
    return connection;
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
