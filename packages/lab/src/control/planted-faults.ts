/** When a fault acts: from its n-th fitting occasion on (1 = the first), so many times; without `times` for good. */
export interface Turns {
  readonly nth: number;
  readonly times?: number | undefined;
}

export interface Planted<Fault extends Turns> {
  readonly id: number;
  readonly fault: Fault;
  /** Occasions that fitted since it was planted. */
  calls: number;
  /** Those at which it acted. */
  hits: number;
}

/** The faults that the lab planted in one simulator, with their counters. */
export class PlantedFaults<Fault extends Turns> {
  #planted: Planted<Fault>[] = [];
  #lastId = 0;

  add(fault: Fault): Planted<Fault> {
    const planted = { id: ++this.#lastId, fault, calls: 0, hits: 0 };
    this.#planted.push(planted);
    return planted;
  }

  list(): readonly Planted<Fault>[] {
    return this.#planted;
  }

  has(planted: Planted<Fault>): boolean {
    return this.#planted.includes(planted);
  }

  remove(id: number): boolean {
    const before = this.#planted.length;
    this.#planted = this.#planted.filter((one) => one.id !== id);
    return this.#planted.length < before;
  }

  clear(): void {
    this.#planted = [];
  }

  /** Counts an occasion for every fault that fits it; answers those whose turn it is, `most` at most. */
  occur(fits: (fault: Fault) => boolean, most: number = Number.POSITIVE_INFINITY): readonly Planted<Fault>[] {
    const acting: Planted<Fault>[] = [];
    for (const one of this.#planted) {
      if (!fits(one.fault)) continue;
      one.calls++;
      if (!isTurn(one) || acting.length === most) continue;
      one.hits++;
      acting.push(one);
    }
    return acting;
  }
}

function isTurn({ fault: { nth, times }, calls }: Planted<Turns>): boolean {
  const last = times === undefined ? Number.POSITIVE_INFINITY : nth + times - 1;
  return calls >= nth && calls <= last;
}
