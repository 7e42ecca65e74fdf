/** Pieces of a clean-up that go on after a failure, so that as little as possible stays. */
export class Attempts {
  readonly #signal: AbortSignal | undefined;
  readonly #failures: unknown[] = [];

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** True when it succeeded. Throws only when the caller has given up. */
  async run(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#signal?.throwIfAborted();
      this.#failures.push(error);
      return false;
    }
  }

  /** Throws the first failure, if there was one. */
  end(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}
