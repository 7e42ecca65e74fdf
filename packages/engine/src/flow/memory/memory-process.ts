import type { Clock, Timer } from '@leeward/core';
import { immediately, type Point, type Schedule } from './schedule.ts';

/**
 * A process that can be killed (what it was about to do never happens) and frozen (it happens later, when the
 * world has gone on without it).
 */
export class MemoryProcess {
  readonly name: string;
  /** Stops with the process. */
  readonly clock: Clock;
  readonly #schedule: Schedule;
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #thawed: (() => void)[] = [];

  constructor(name: string, clock: Clock, schedule: Schedule = immediately) {
    this.name = name;
    this.#schedule = schedule;
    this.clock = clockOf(this, clock);
  }

  get state(): 'running' | 'frozen' | 'dead' {
    return this.#state;
  }

  kill(): void {
    this.#state = 'dead';
    this.#thawed = [];
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    const actions = this.#thawed;
    this.#thawed = [];
    for (const action of actions) action();
  }

  /** Now, or when it is thawed, or never. */
  whenRunning(action: () => void): void {
    if (this.#state === 'running') action();
    else if (this.#state === 'frozen') this.#thawed.push(() => this.whenRunning(action));
  }

  running(): Promise<void> {
    return new Promise((resolve) => this.whenRunning(resolve));
  }

  async reach(point: Omit<Point, 'process'>): Promise<void> {
    await this.running();
    await this.#schedule.reach({ ...point, process: this.name });
    await this.running();
  }
}

function clockOf(process: MemoryProcess, clock: Clock): Clock {
  const after = (delayMs: number, action: () => void): Timer =>
    clock.after(delayMs, () => process.whenRunning(action));
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    after,
    sleep: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          timer.cancel();
          process.whenRunning(() => reject(signal?.reason));
        };
        const timer = after(durationMs, () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
        signal?.addEventListener('abort', abort, { once: true });
      }),
  };
}
