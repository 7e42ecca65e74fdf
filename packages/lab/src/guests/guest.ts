import type { Clock } from '@leeward/core';
import type { GuestDisk, WritePattern } from './write-pattern.ts';

export interface GuestOptions {
  /** The pattern's disks, in its order. */
  readonly disks: readonly GuestDisk[];
  readonly pattern: WritePattern;
  readonly clock: Clock;
}

const tickMs = 50;

/** A running guest: writes what its pattern says, one write after the other, at a settable rate. Starts paused. */
export class Guest {
  readonly #options: GuestOptions;
  #bytesPerSecond = 0;
  #isStopped = false;
  #writes = 0;
  #bytesWritten = 0;
  #loop: Promise<void> | undefined;
  #lastError: unknown;

  constructor(options: GuestOptions) {
    this.#options = options;
  }

  get counters(): {
    readonly writes: number;
    readonly bytesWritten: number;
    readonly lastError: string | undefined;
  } {
    const lastError = this.#lastError === undefined ? undefined : String(this.#lastError);
    return { writes: this.#writes, bytesWritten: this.#bytesWritten, lastError };
  }

  get bytesPerSecond(): number {
    return this.#bytesPerSecond;
  }

  /** 0 pauses. */
  setRate(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
    if (bytesPerSecond > 0 && this.#options.disks.length > 0 && !this.#isStopped) this.#loop ??= this.#run();
  }

  /** Resolves when no write is under way any more. */
  async pause(): Promise<void> {
    this.#bytesPerSecond = 0;
    await this.#loop;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.pause();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    let lastMs = clock.monotonicMs();
    let credit = 0;
    while (this.#bytesPerSecond > 0 && !this.#isStopped) {
      await clock.sleep(tickMs);
      const nowMs = clock.monotonicMs();
      credit += ((nowMs - lastMs) / 1000) * this.#bytesPerSecond;
      // A guest that could not write for a while does not make up for all of it.
      credit = Math.min(credit, this.#bytesPerSecond);
      lastMs = nowMs;
      while (credit > 0 && this.#bytesPerSecond > 0) {
        try {
          credit -= await this.#writeOnce();
        } catch (error) {
          this.#lastError = error;
          break;
        }
      }
    }
    this.#loop = undefined;
  }

  /** Returns the bytes written. A write that fails is the next one again. */
  async #writeOnce(): Promise<number> {
    const { disks, pattern } = this.#options;
    const { disk, offsetBytes, data } = pattern.next();
    this.#writes += 1;
    await disks[disk]?.write(offsetBytes, data);
    pattern.done();
    this.#bytesWritten += data.length;
    return data.length;
  }
}
