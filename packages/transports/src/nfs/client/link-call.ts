import type { Abortable } from '../../abort-watch.ts';
import type { CommandDepth } from '../../command-depth.ts';
import type { CallEnd } from '../../rpc/client/pending-call.ts';
import type { RpcCall } from '../../rpc/client/rpc-call.ts';
import type { RpcConnection } from '../../rpc/client/rpc-connection.ts';

/** One of the connections of a pool. */
export interface Link {
  connection: RpcConnection | undefined;
  opening: Promise<RpcConnection> | undefined;
  opened: number;
  inFlight: number;
  depth: CommandDepth;
}

/** Where a call waits and on whose link it goes. */
export interface LinkCallOwner {
  /** The call settles now, and its place on the link is free again. */
  released(link: Link, takenMs: number): void;
  /** The signal of a call that waits aborted. */
  withdrawn(call: LinkCall<unknown>): void;
}

/** One call on its way through the pool: it waits for a place on a link, then for its answer. */
export class LinkCall<T> implements CallEnd<T>, Abortable {
  readonly call: RpcCall<T>;
  readonly signal: AbortSignal | undefined;
  readonly #owner: LinkCallOwner;
  readonly #end: CallEnd<T>;
  #link: Link | undefined;
  #takenMs = 0;
  watchIndex = 0;

  constructor(call: RpcCall<T>, signal: AbortSignal | undefined, owner: LinkCallOwner, end: CallEnd<T>) {
    this.call = call;
    this.signal = signal;
    this.#owner = owner;
    this.#end = end;
  }

  /** It has a place on `link`, which is given back when the call settles. */
  took(link: Link, nowMs: number): void {
    this.#link = link;
    this.#takenMs = nowMs;
  }

  resolve(result: T): void {
    this.#release();
    this.#end.resolve(result);
  }

  reject(error: unknown): void {
    this.#release();
    this.#end.reject(error);
  }

  aborted(reason: unknown): void {
    this.#owner.withdrawn(this);
    this.#end.reject(reason);
  }

  #release(): void {
    if (this.#link) this.#owner.released(this.#link, this.#takenMs);
  }
}
