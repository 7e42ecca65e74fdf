import type { Clock, Timer } from '@leeward/core';

/**
 * A clock that can be made to run faster and to jump: lets hours of schedules, caches and lags pass in seconds.
 * Waits that are under way keep the speed they began with.
 */
export class ShiftingClock implements Clock {
  readonly #base: Clock;
  #speed = 1;
  #wallFrom: number;
  #wallAt: number;
  #since: number;

  constructor(base: Clock) {
    this.#base = base;
    this.#wallFrom = base.now();
    this.#since = base.monotonicMs();
    this.#wallAt = this.#wallFrom;
  }

  now(): number {
    return Math.floor(this.#exact());
  }

  monotonicMs(): number {
    return this.#exact() - this.#wallFrom;
  }

  #exact(): number {
    return this.#wallAt + (this.#base.monotonicMs() - this.#since) * this.#speed;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return this.#base.sleep(durationMs / this.#speed, signal);
  }

  after(delayMs: number, action: () => void): Timer {
    return this.#base.after(delayMs / this.#speed, action);
  }

  get speed(): number {
    return this.#speed;
  }

  setSpeed(speed: number): void {
    this.#rebase();
    this.#speed = speed;
  }

  /** Forward only. Running waits are not shortened. */
  jump(byMs: number): void {
    this.#rebase();
    this.#wallAt += byMs;
  }

  #rebase(): void {
    this.#wallAt = this.#exact();
    this.#since = this.#base.monotonicMs();
  }
}
