import type { Randomness } from '@leeward/core';
import type { Point, Schedule } from './schedule.ts';

interface Parked {
  readonly point: Point;
  readonly goOn: () => void;
}

/** Parks everybody who comes to a point, and lets one at a time go on, drawn from a seed. */
export class SeededSchedule implements Schedule {
  readonly #randomness: Randomness;
  #parked: Parked[] = [];
  #drawn: Parked | undefined;

  constructor(randomness: Randomness) {
    this.#randomness = randomness;
  }

  reach(point: Point): Promise<void> {
    return new Promise((goOn) => {
      this.#parked.push({ point, goOn });
    });
  }

  /** Chooses who goes on next. */
  draw(): Point | undefined {
    const at = Math.floor(this.#randomness.fraction() * this.#parked.length);
    this.#drawn = this.#parked.splice(at, 1)[0];
    return this.#drawn?.point;
  }

  /** Lets the chosen one go on. If its process was killed meanwhile, it never does. */
  release(): void {
    this.#drawn?.goOn();
    this.#drawn = undefined;
  }

  /** The process is dead: nobody of it waits any more. */
  forget(process: string): void {
    this.#parked = this.#parked.filter(({ point }) => point.process !== process);
  }
}
