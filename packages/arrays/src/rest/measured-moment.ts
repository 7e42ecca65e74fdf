import type { Clock } from '@leeward/core';

/**
 * Between which two times of our clock something happened on an array: from the start of the first call that may have
 * done it to the end of the one that said so, whatever was looked up before and after.
 */
export class MeasuredMoment {
  readonly #clock: Clock;
  readonly #base: { readonly wallMs: number; readonly monotonicMs: number };
  #fromMs: number | undefined;
  #toMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#base = { wallMs: clock.now(), monotonicMs: clock.monotonicMs() };
  }

  async during<T>(call: () => Promise<T>): Promise<T> {
    this.#fromMs ??= this.#nowMs();
    this.#toMs = undefined;
    const answer = await call();
    this.#toMs = this.#nowMs();
    return answer;
  }

  /**
   * Absent when no call was made. To be asked for as soon as it is known that it happened: an array may act on a call
   * long after its answer was given up.
   */
  get window(): { readonly measured?: { readonly fromMs: number; readonly toMs: number } } {
    if (this.#fromMs === undefined) return {};
    const toMs = this.#toMs ?? this.#nowMs();
    return { measured: { fromMs: Math.floor(this.#fromMs), toMs: Math.ceil(toMs) } };
  }

  /** A step of the wall clock in between does not count. */
  #nowMs(): number {
    return this.#base.wallMs + this.#clock.monotonicMs() - this.#base.monotonicMs;
  }
}
