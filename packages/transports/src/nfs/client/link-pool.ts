import type { Clock, LeewardError } from '@leeward/core';
import { type Abortable, AbortWatch } from '../../abort-watch.ts';
import { CommandDepth } from '../../command-depth.ts';
import type { CallObserver } from '../../rpc/client/pending-call.ts';
import type { RpcCall } from '../../rpc/client/rpc-call.ts';
import type { RpcConnection } from '../../rpc/client/rpc-connection.ts';

interface Link {
  connection: RpcConnection | undefined;
  opening: Promise<RpcConnection> | undefined;
  opened: number;
  inFlight: number;
  depth: CommandDepth;
}

/** A place for one call on a link, given back when the call ends. */
interface Slot extends CallObserver {
  readonly link: Link;
}

interface Waiting extends Abortable {
  grant(slot: Slot): void;
}

export interface LinkPoolOptions {
  readonly connections: number;
  readonly callsInFlight: number;
  readonly clock: Clock;
  open(signal: AbortSignal): Promise<RpcConnection>;
  onReopened(): void;
}

/**
 * Several connections to one server, each opened when it is needed and again when it broke, with a bound of
 * calls in flight on each, which come in groups as long as answers are fast (`CommandDepth`). A call is sent once; it fails with the error of its connection.
 */
export class LinkPool {
  readonly #options: LinkPoolOptions;
  readonly #links: Link[];
  readonly #queue = new Set<Waiting>();
  readonly #aborts = new AbortWatch();
  readonly #ending = new AbortController();

  constructor(options: LinkPoolOptions) {
    this.#options = options;
    this.#links = Array.from({ length: options.connections }, () => ({
      connection: undefined,
      opening: undefined,
      opened: 0,
      inFlight: 0,
      depth: fixedDepth(options.callsInFlight),
    }));
  }

  /** From now on; where it is lowered, calls above it still end. */
  boundCallsInFlight(calls: number): void {
    for (const link of this.#links) link.depth = fixedDepth(calls);
  }

  call<T>(call: RpcCall<T>, signal?: AbortSignal): Promise<T> {
    const slot = this.#queue.size > 0 ? undefined : this.#takeFree();
    const connection = slot && this.#openConnection(slot.link);
    return connection ? connection.call(call, signal, slot) : this.#callLater(slot, call, signal);
  }

  /** When there is no free slot, or no connection at it. */
  async #callLater<T>(free: Slot | undefined, call: RpcCall<T>, signal: AbortSignal | undefined): Promise<T> {
    const slot = free ?? (await this.#wait(signal));
    let connection: RpcConnection;
    try {
      connection = this.#openConnection(slot.link) ?? (await this.#connection(slot.link, signal));
    } catch (error) {
      slot.callEnded();
      throw error;
    }
    return connection.call(call, signal, slot);
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

  /** A slot on the least busy link that has room. */
  #takeFree(): Slot | undefined {
    let best: Link | undefined;
    for (const link of this.#links)
      if (link.depth.hasRoom(link.inFlight) && (!best || link.inFlight < best.inFlight)) best = link;
    if (!best) return undefined;
    best.inFlight++;
    const link = best;
    const takenMs = this.#options.clock.monotonicMs();
    return { link, callEnded: () => this.#release(link, takenMs) };
  }

  #wait(signal: AbortSignal | undefined): Promise<Slot> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const waiting: Waiting = {
        grant: (slot) => {
          if (signal) this.#aborts.remove(signal, waiting);
          resolve(slot);
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

  #release(link: Link, takenMs: number): void {
    link.inFlight--;
    link.depth.ended(this.#options.clock.monotonicMs() - takenMs, link.inFlight);
    for (const waiting of this.#queue) {
      const slot = this.#takeFree();
      if (!slot) return;
      this.#queue.delete(waiting);
      waiting.grant(slot);
    }
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

function fixedDepth(calls: number): CommandDepth {
  return new CommandDepth(calls, calls);
}
