import { BroadcastChannel } from 'node:worker_threads';
import { type Clock, LeewardError, type Randomness, type Timer } from '@leeward/core';
import { toThreadError } from '@leeward/repository/threads/thread-errors';
import type { HttpLogin } from './http-access.ts';
import { type HttpPass, LocalGate } from './http-gate.ts';
import { type FromGate, messageOf, type ToGate, toGateSchema } from './http-gate-messages.ts';
import type { HttpKeys, HttpOutcome } from './http-keys.ts';

/** What one request may take at most, its retries not counted: behind that the reader is taken for dead. */
const passTimeoutMs = 5 * 60_000;

export interface HostGateOptions {
  readonly keys: HttpKeys;
  /** Requests at once, of all readers together. Default 4: what one ESXi host serves without harm to others. */
  readonly maxRequests?: number | undefined;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

export interface HostGate {
  /** For `HttpFolderAccess`: how readers on any thread of this process find the gate. Holds no secret. */
  readonly login: Extract<HttpLogin, { kind: 'gate' }>;
  readonly figures: LocalGate['figures'];
  /** Readers that ask afterwards fail with `L-NET-414`. Idempotent. */
  close(): void;
}

/**
 * Opens the gate to one HTTPS server of datastore files, for readers on all threads of this process. One per server
 * (vCenter, or ESXi host that is read directly) and process, opened before the first read and closed after the last.
 */
export function openHostGate(options: HostGateOptions): HostGate {
  const { keys, maxRequests = 4, clock, randomness } = options;
  const name = `leeward-gate-${randomness.uuid()}`;
  const local = new LocalGate(keys, maxRequests);
  const served = new ServedGate(local, name, clock);
  return {
    login: { kind: 'gate', channel: name },
    get figures() {
      return local.figures;
    },
    close: () => served.close(),
  };
}

interface Asked {
  readonly gone: AbortController;
  pass?: HttpPass;
  timer?: Timer;
}

class ServedGate {
  readonly #gate: LocalGate;
  readonly #clock: Clock;
  readonly #channel: BroadcastChannel;
  readonly #asked = new Map<string, Asked>();
  #isClosed = false;

  constructor(gate: LocalGate, name: string, clock: Clock) {
    this.#gate = gate;
    this.#clock = clock;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = (event) => {
      const message = toGateSchema.safeParse(messageOf(event));
      if (message.success) this.#accept(message.data);
    };
    this.#channel.unref();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#channel.onmessage = () => undefined;
    const error = toThreadError(new LeewardError('L-NET-414'));
    for (const [id, { pass }] of [...this.#asked]) {
      if (!pass) this.#channel.postMessage({ kind: 'refusal', id, error } satisfies FromGate);
      this.#forget(id);
    }
    this.#channel.close();
  }

  #accept(message: ToGate): void {
    if (message.kind === 'leave') this.#forget(message.id, message.outcome);
    else this.#enter(message);
  }

  #enter({ id, method, url }: Extract<ToGate, { kind: 'enter' }>): void {
    const asked: Asked = { gone: new AbortController() };
    this.#asked.set(id, asked);
    this.#send({ kind: 'heard', id });
    this.#gate.enter({ method, url }, asked.gone.signal).then(
      (pass) => {
        if (this.#asked.get(id) !== asked) return pass.leave({ kind: 'failed' });
        asked.pass = pass;
        asked.timer = this.#clock.after(passTimeoutMs, () => this.#forget(id));
        this.#send({ kind: 'pass', id, headers: { ...pass.headers } });
      },
      (error: unknown) => {
        if (this.#asked.delete(id)) this.#send({ kind: 'refusal', id, error: toThreadError(error) });
      },
    );
  }

  #forget(id: string, outcome: HttpOutcome = { kind: 'failed' }): void {
    const asked = this.#asked.get(id);
    if (!asked) return;
    this.#asked.delete(id);
    asked.timer?.cancel();
    if (asked.pass) asked.pass.leave(outcome);
    else asked.gone.abort(new Error('the reader does not wait any more'));
  }

  #send(message: FromGate): void {
    if (!this.#isClosed) this.#channel.postMessage(message);
  }
}
