/** Answers that take longer show a path on which more commands at once may get more done. */
const slowMs = 3;
/** Where `least` commands would be answered within this time, more are not needed. */
const fastMs = 2;

/**
 * How many commands a session has under way at most. It begins with `least` and grows up to `most` while answers are
 * slow: where they are fast, more would only wait in the target, push its data out of its caches and keep others
 * waiting. Then they also come in groups: a full session gets no more before three quarters are done, so that one
 * system call sends many and the target wakes up once for them. A target that says that it is full gets fewer, down to
 * one; that passes slowly.
 */
export class CommandDepth {
  readonly #least: number;
  readonly #most: number;
  #limit: number;
  #averageMs = 0;
  #endedInRound = 0;
  #isDraining = false;

  /** `least` <= `most`, both at least 1. */
  constructor(least: number, most: number) {
    this.#least = least;
    this.#most = most;
    this.#limit = least;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Whether one more may be sent while `inFlight` are under way. */
  hasRoom(inFlight: number): boolean {
    if (inFlight >= this.#limit) this.#isDraining = true;
    else if (inFlight <= this.#refillAt()) this.#isDraining = false;
    return !this.#isDraining;
  }

  /** The target is full, with `inFlight` commands at once. */
  full(inFlight: number): void {
    this.#limit = Math.max(1, Math.min(this.#limit - 1, inFlight >> 1));
  }

  /** A command ended after `elapsedMs`, and `inFlight` others are under way. */
  ended(elapsedMs: number, inFlight: number): void {
    this.#averageMs += (elapsedMs - this.#averageMs) / 8;
    if (this.#limit < this.#least) {
      if (inFlight === 0) this.#limit++;
      return;
    }
    if (++this.#endedInRound < this.#limit) return;
    this.#endedInRound = 0;
    if (this.#averageMs > slowMs) this.#limit = Math.min(this.#limit + 1, this.#most);
    else if (this.#limit > this.#least && this.#withLeastMs() < fastMs) this.#limit--;
  }

  #refillAt(): number {
    if (this.#averageMs > slowMs) return this.#limit - 1;
    return this.#limit - Math.max(1, (this.#limit * 3) >> 2);
  }

  /** What an answer would take with `least`, if commands only wait for each other. */
  #withLeastMs(): number {
    return (this.#averageMs * this.#least) / this.#limit;
  }
}
