import { BroadcastChannel } from 'node:worker_threads';
import { bounded, type Clock, isError, LeewardError, type Randomness } from '@leeward/core';
import { fromThreadError } from '@leeward/repository/threads/thread-errors';
import type { HttpGate, HttpPass } from './http-gate.ts';
import { type FromGate, fromGateSchema, messageOf, type ToGate } from './http-gate-messages.ts';
import type { HttpOutcome, HttpRequestName } from './http-keys.ts';

/** For the gate to say that it is there; its thread may be busy, but not for so long. */
const heardTimeoutMs = 60_000;
/** For a place: behind the requests of all other readers, each of which takes its time on a slow host. */
const placeTimeoutMs = 15 * 60_000;

interface Asking {
  readonly heard: PromiseWithResolvers<void>;
  readonly answer: PromiseWithResolvers<Extract<FromGate, { kind: 'pass' }>>;
}

/** A gate that somebody opened on another thread (or this one) of the process. `host` is shown in errors. */
export class RemoteGate implements HttpGate {
  readonly #channel: BroadcastChannel;
  readonly #clock: Clock;
  readonly #host: string;
  readonly #prefix: string;
  readonly #asking = new Map<string, Asking>();
  /** Passes that were not given back yet. */
  readonly #held = new Set<string>();
  #count = 0;
  #closed = false;

  constructor(name: string, host: string, clock: Clock, randomness: Randomness) {
    this.#clock = clock;
    this.#host = host;
    this.#prefix = randomness.uuid();
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = (event) => {
      const message = fromGateSchema.safeParse(messageOf(event));
      if (message.success) this.#accept(message.data);
    };
    this.#channel.unref();
  }

  async enter(request: HttpRequestName, signal?: AbortSignal): Promise<HttpPass> {
    signal?.throwIfAborted();
    if (this.#closed) throw new LeewardError('L-NET-414', { host: this.#host });
    const id = `${this.#prefix}-${++this.#count}`;
    const asking: Asking = { heard: Promise.withResolvers(), answer: Promise.withResolvers() };
    asking.heard.promise.catch(() => undefined);
    asking.answer.promise.catch(() => undefined);
    if (this.#asking.size === 0) this.#channel.ref();
    this.#asking.set(id, asking);
    this.#send({ kind: 'enter', id, ...request });
    try {
      const { headers } = await this.#answerTo(asking, signal);
      this.#held.add(id);
      return { headers, leave: (outcome) => this.#leave(id, outcome) };
    } catch (error) {
      this.#leave(id, { kind: 'failed' });
      throw error;
    } finally {
      this.#asking.delete(id);
      if (this.#asking.size === 0 && !this.#closed) this.#channel.unref();
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#channel.onmessage = () => undefined;
    const gone = new LeewardError('L-NET-414', { host: this.#host });
    for (const { heard, answer } of this.#asking.values()) {
      heard.reject(gone);
      answer.reject(gone);
    }
    for (const id of [...this.#asking.keys(), ...this.#held]) this.#leave(id, { kind: 'failed' });
    this.#closed = true;
    this.#channel.close();
  }

  async #answerTo({ heard, answer }: Asking, signal?: AbortSignal) {
    const name = `a request to ${this.#host}`;
    try {
      const first = { name, timeoutMs: heardTimeoutMs, signal };
      await bounded(this.#clock, first, () => heard.promise);
    } catch (error) {
      if (!isError(error, 'L-RUN-101')) throw error;
      throw new LeewardError('L-NET-414', { host: this.#host }, error);
    }
    return bounded(this.#clock, { name, timeoutMs: placeTimeoutMs, signal }, () => answer.promise);
  }

  #accept(message: FromGate): void {
    const asking = this.#asking.get(message.id);
    if (!asking) return;
    if (message.kind === 'pass') asking.answer.resolve(message);
    if (message.kind === 'refusal') {
      const { code, stack, ...rest } = message.error;
      const known = { ...rest, ...(code === undefined ? {} : { code }), ...(stack ? { stack } : {}) };
      const error = fromThreadError(known);
      // A gate does not know how its readers call the host.
      const isGone = isError(error, 'L-NET-414');
      asking.answer.reject(isGone ? new LeewardError('L-NET-414', { host: this.#host }) : error);
    }
    asking.heard.resolve();
  }

  #leave(id: string, outcome: HttpOutcome): void {
    this.#held.delete(id);
    if (!this.#closed) this.#send({ kind: 'leave', id, outcome: mutable(outcome) });
  }

  #send(message: ToGate): void {
    this.#channel.postMessage(message);
  }
}

function mutable(outcome: HttpOutcome) {
  return outcome.kind === 'let-in' ? { ...outcome, setCookie: [...outcome.setCookie] } : outcome;
}
