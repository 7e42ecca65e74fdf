/** Tells waiting property filters that something may have changed. */
export class ChangeSignal {
  readonly #waiting = new Set<() => void>();
  #serial = 0;

  get serial(): number {
    return this.#serial;
  }

  notify(): void {
    this.#serial += 1;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Calls `wake` at every change until the returned function is called. */
  subscribe(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }
}
