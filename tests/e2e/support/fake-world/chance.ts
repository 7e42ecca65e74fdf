import type { ErrorCode, Randomness } from '@leeward/core';
import { LeewardError } from '@leeward/core';

/** Calls of the fake world that fail by a seed: before the world acted, or after, so that the answer is lost. */
export class Chance {
  readonly #randomness: Randomness;
  readonly #code: ErrorCode;
  rate: number;
  /** Names of calls that always fail. */
  readonly broken = new Set<string>();

  constructor(randomness: Randomness, code: ErrorCode, rate: number) {
    this.#randomness = randomness;
    this.#code = code;
    this.rate = rate;
  }

  happens(rate = this.rate): boolean {
    return this.#randomness.fraction() < rate;
  }

  /** Runs one call. */
  async around<T>(method: string, act: () => T): Promise<T> {
    if (this.broken.has(method) || this.happens()) throw this.#error(method);
    const answer = act();
    if (this.happens()) throw this.#error(method);
    return answer;
  }

  #error(method: string): LeewardError {
    const details = { host: 'fake', method, path: method, message: 'by chance', arrayCode: '0' };
    const forVcenter = { operation: method, object: 'a VM', fault: 'SystemError' };
    return new LeewardError(this.#code, { ...details, ...forVcenter });
  }
}
