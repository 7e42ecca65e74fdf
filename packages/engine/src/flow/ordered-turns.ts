/**
 * Lets at most `limit` of a row of works run at a time and begins them in their order, whatever the order in
 * which they become ready. A work that is not needed at all (its result is recorded) is passed over.
 */
export class OrderedTurns {
  readonly #waiting = new Map<number, () => void>();
  readonly #over = new Set<number>();
  #free: number;
  #next = 0;

  constructor(limit: number) {
    this.#free = Math.max(1, limit);
  }

  /** Runs the work, which MUST NOT throw synchronously, when it is its turn. */
  async take<T>(place: number, work: () => Promise<T>): Promise<T> {
    const turn = Promise.withResolvers<T>();
    this.#waiting.set(place, () => turn.resolve(work()));
    this.#admit();
    try {
      return await turn.promise;
    } finally {
      this.#free++;
      this.#admit();
    }
  }

  /** This place has its result, with or without having run. */
  pass(place: number): void {
    this.#over.add(place);
    this.#admit();
  }

  #admit(): void {
    while (this.#free > 0) {
      const begin = this.#waiting.get(this.#next);
      if (begin) {
        this.#waiting.delete(this.#next);
        this.#free--;
        begin();
      } else if (!this.#over.has(this.#next)) return;
      this.#next++;
    }
  }
}
