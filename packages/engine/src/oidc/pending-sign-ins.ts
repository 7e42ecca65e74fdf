import type { Clock } from '@leeward/core';
import { bearerHash } from '../access/bearer-secret.ts';

/** What has to be known when somebody comes back from the provider. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

const validMs = 10 * 60_000;
const atMost = 1_000;

/** Sign-ins that were begun, by the secret that only the browser has which began them. In memory, and bounded. */
export class PendingSignIns {
  readonly #clock: Clock;
  readonly #known = new Map<string, PendingSignIn & { readonly untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(secret: string, pending: PendingSignIn): void {
    this.#known.set(bearerHash(secret), { ...pending, untilMs: this.#clock.monotonicMs() + validMs });
    const [oldest] = this.#known.keys();
    if (this.#known.size > atMost && oldest !== undefined) this.#known.delete(oldest);
  }

  /** Once, and in time. */
  take(secret: string): PendingSignIn | undefined {
    const key = bearerHash(secret);
    const pending = this.#known.get(key);
    this.#known.delete(key);
    return pending && this.#clock.monotonicMs() < pending.untilMs ? pending : undefined;
  }
}
