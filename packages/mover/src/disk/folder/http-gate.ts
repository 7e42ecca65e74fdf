import type { HttpKeys, HttpOutcome, HttpRequestName } from './http-keys.ts';

/** What a request needs before it may be sent. */
export interface HttpPass {
  /** To be sent with it. Secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** MUST be called once when the answer was read, or failed. After `refused` the next pass carries another login. */
  leave(outcome: HttpOutcome): void;
}

/**
 * The way to one HTTPS server of datastore files: how many requests are under way at once, and with which login.
 * ESXi hosts are slow at this and have few connections, so the number is for all disks and readers together.
 */
export interface HttpGate {
  /** Waits for a place, in the order of asking. Throws what the login throws. */
  enter(request: HttpRequestName, signal?: AbortSignal): Promise<HttpPass>;
  /** Idempotent. */
  close(): void;
}

interface Waiting {
  readonly start: () => void;
}

/** The gate itself, on the thread where the login is. */
export class LocalGate implements HttpGate {
  readonly #keys: HttpKeys;
  readonly #maxRequests: number;
  readonly #waiting = new Set<Waiting>();
  #inFlight = 0;
  #peak = 0;

  constructor(keys: HttpKeys, maxRequests: number) {
    this.#keys = keys;
    this.#maxRequests = maxRequests;
  }

  /** Requests under way, waiting, and the most that were ever under way. */
  get figures(): { readonly inFlight: number; readonly waiting: number; readonly peak: number } {
    return { inFlight: this.#inFlight, waiting: this.#waiting.size, peak: this.#peak };
  }

  async enter(request: HttpRequestName, signal?: AbortSignal): Promise<HttpPass> {
    await this.#place(signal);
    try {
      signal?.throwIfAborted();
      const { headers, issue } = await this.#keys.headersFor(request, signal);
      let isIn = true;
      return {
        headers,
        leave: (outcome) => {
          if (!isIn) return;
          isIn = false;
          this.#keys.answered(issue, outcome);
          this.#leave();
        },
      };
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  close(): void {}

  #place(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#inFlight < this.#maxRequests) {
      this.#taken();
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(waiting);
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        start: () => {
          signal?.removeEventListener('abort', onAbort);
          this.#taken();
          resolve();
        },
      };
      this.#waiting.add(waiting);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #taken(): void {
    this.#inFlight++;
    this.#peak = Math.max(this.#peak, this.#inFlight);
  }

  #leave(): void {
    this.#inFlight--;
    const [next] = this.#waiting;
    if (!next) return;
    this.#waiting.delete(next);
    next.start();
  }
}
