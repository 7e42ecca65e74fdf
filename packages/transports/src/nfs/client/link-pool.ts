import type { Clock, LeewardError } from '@leeward/core';
import { AbortWatch } from '../../abort-watch.ts';
import { CommandDepth } from '../../command-depth.ts';
import type { CallEnd } from '../../rpc/client/pending-call.ts';
import type { RpcCall } from '../../rpc/client/rpc-call.ts';
import type { RpcConnection } from '../../rpc/client/rpc-connection.ts';
import { type Link, LinkCall, type LinkCallOwner } from './link-call.ts';
import type { CallsInFlight } from './nfs-options.ts';

export interface LinkPoolOptions {
  readonly connections: number;
  readonly callsInFlight: CallsInFlight;
  readonly clock: Clock;
  open(signal: AbortSignal): Promise<RpcConnection>;
  onReopened(): void;
}

/**
 * Several connections to one server, each opened when it is needed and again when it broke, with a bound of
 * calls in flight on each, which come in groups as long as answers are fast (`CommandDepth`). A call is sent once; it fails with the error of its connection.
 */
export class LinkPool implements LinkCallOwner {
  readonly #options: LinkPoolOptions;
  readonly #links: Link[];
  readonly #queue: LinkCall<unknown>[] = [];
  readonly #aborts = new AbortWatch();
  readonly #ending = new AbortController();
  #isServing = false;

  constructor(options: LinkPoolOptions) {
    this.#options = options;
    this.#links = Array.from({ length: options.connections }, () => ({
      connection: undefined,
      opening: undefined,
      opened: 0,
      inFlight: 0,
      depth: depthOf(options.callsInFlight),
    }));
  }

  /** From now on; where it is lowered, calls above it still end. */
  boundCallsInFlight(calls: CallsInFlight): void {
    for (const link of this.#links) link.depth = depthOf(calls);
  }

  call<T>(call: RpcCall<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => this.start(call, { resolve, reject }, signal));
  }

  /** As `call`, without a promise: `end` learns how it settles, at once when the call cannot begin. */
  start<T>(call: RpcCall<T>, end: CallEnd<T>, signal?: AbortSignal): void {
    if (signal?.aborted) {
      end.reject(signal.reason);
      return;
    }
    const linkCall = new LinkCall(call, signal, this, end);
    const link = this.#queue.length > 0 ? undefined : this.#freeLink();
    if (link) this.#begin(linkCall, link);
    else this.#wait(linkCall);
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

  released(link: Link, takenMs: number): void {
    link.inFlight--;
    link.depth.ended(this.#options.clock.monotonicMs() - takenMs, link.inFlight);
    this.#serve();
  }

  withdrawn(call: LinkCall<unknown>): void {
    const at = this.#queue.indexOf(call);
    if (at >= 0) this.#queue.splice(at, 1);
  }

  /** The least busy link that has room. */
  #freeLink(): Link | undefined {
    let best: Link | undefined;
    for (const link of this.#links)
      if (link.depth.hasRoom(link.inFlight) && (!best || link.inFlight < best.inFlight)) best = link;
    return best;
  }

  #begin(call: LinkCall<unknown>, link: Link): void {
    link.inFlight++;
    call.took(link, this.#options.clock.monotonicMs());
    const connection = this.#openConnection(link);
    if (connection) connection.start(call.call, call, call.signal);
    else
      this.#connection(link, call.signal).then(
        (opened) => opened.start(call.call, call, call.signal),
        (error: unknown) => call.reject(error),
      );
  }

  #wait(call: LinkCall<unknown>): void {
    if (call.signal) this.#aborts.add(call.signal, call);
    this.#queue.push(call);
  }

  /** Calls that end at once while they begin come back here: the loop that runs already goes on for them. */
  #serve(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    try {
      while (this.#queue.length > 0) {
        const link = this.#freeLink();
        const call = link && this.#queue.shift();
        if (!call) break;
        if (call.signal) this.#aborts.remove(call.signal, call);
        this.#begin(call, link);
      }
    } finally {
      this.#isServing = false;
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

function depthOf({ least, most }: CallsInFlight): CommandDepth {
  return new CommandDepth(least, most);
}
