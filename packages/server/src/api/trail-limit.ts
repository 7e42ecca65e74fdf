import type { Clock } from '@leeward/core';

const perMinute = 120;
const minuteMs = 60_000;

/** So many entries of the audit trail a minute are made for callers that nobody knows; who knocks all night fills no disk. */
export class TrailLimit {
  readonly #clock: Clock;
  #left = perMinute;
  #atMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#atMs = clock.monotonicMs();
  }

  take(): boolean {
    const nowMs = this.#clock.monotonicMs();
    this.#left = Math.min(perMinute, this.#left + ((nowMs - this.#atMs) / minuteMs) * perMinute);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
