import type { Clock, Timer } from '@leeward/core';
import { z } from 'zod';

/**
 * A moment that several simulators of one machine agree on, now or soon: at `realMs` of the machine it is `labMs` in the
 * lab, and from then on the lab's time passes `speed` times as fast.
 */
export const clockAnchorSchema = z.object({
  realMs: z.number(),
  labMs: z.number(),
  speed: z.number().positive().max(10_000),
});
export type ClockAnchor = z.infer<typeof clockAnchorSchema>;

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
  #next: ClockAnchor | undefined;

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
    this.#settle();
    return this.#wallAt + (this.#base.monotonicMs() - this.#since) * this.#speed;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return this.#base.sleep(durationMs / this.speed, signal);
  }

  after(delayMs: number, action: () => void): Timer {
    return this.#base.after(delayMs / this.speed, action);
  }

  /** The clock under it. */
  get base(): Clock {
    return this.#base;
  }

  get speed(): number {
    this.#settle();
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

  /** From its moment on shows the same time as all who follow the same anchor. Never goes back. */
  follow(anchor: ClockAnchor): void {
    this.#settle();
    this.#next = anchor;
    this.#settle();
  }

  /** Does what an anchor says once its moment has come, as if that had been noticed at once. */
  #settle(): void {
    const next = this.#next;
    if (!next) return;
    const lateMs = this.#base.now() - next.realMs;
    if (lateMs < 0) return;
    this.#next = undefined;
    const nowMs = this.#base.monotonicMs();
    const since = Math.max(this.#since, nowMs - lateMs);
    const reached = this.#wallAt + (since - this.#since) * this.#speed;
    const wanted = next.labMs + (since - (nowMs - lateMs)) * next.speed;
    this.#wallAt = Math.max(reached, wanted);
    this.#since = since;
    this.#speed = next.speed;
  }

  #rebase(): void {
    this.#wallAt = this.#exact();
    this.#since = this.#base.monotonicMs();
  }
}

/** For connections, which take real time whatever the lab does with the simulator's clock. */
export function connectionClock(clock: Clock): Clock {
  return clock instanceof ShiftingClock ? clock.base : clock;
}

export interface ClockState {
  readonly nowMs: number;
  /** Of the machine, at the same moment. */
  readonly realMs: number;
  readonly speed: number;
}

/** For people and for whoever sets an anchor. */
export function clockState(clock: ShiftingClock): ClockState {
  return { nowMs: clock.now(), realMs: clock.base.now(), speed: clock.speed };
}
