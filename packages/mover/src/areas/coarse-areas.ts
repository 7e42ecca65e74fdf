import type { Extent } from '@leeward/core';
import { normalAreas, wholeUnits } from './areas.ts';

export interface CoarseAreasOptions {
  readonly sizeBytes: number;
  readonly finestBytes: number;
  readonly maxAreas: number;
}

/**
 * Collects areas of a disk in bounded memory: all that was added, in whole units that become larger as there are more
 * of them.
 */
export class CoarseAreas {
  readonly #options: CoarseAreasOptions;
  #areas: readonly Extent[] = [];
  #new: Extent[] = [];
  #unitBytes: number;

  constructor(options: CoarseAreasOptions) {
    this.#options = options;
    this.#unitBytes = options.finestBytes;
  }

  add(extent: Extent): void {
    this.#new.push(extent);
    if (this.#new.length >= this.#options.maxAreas) this.finish();
  }

  /** Normal areas, at most `maxAreas` of them. */
  finish(): readonly Extent[] {
    const { sizeBytes, maxAreas } = this.#options;
    this.#areas = normalAreas([...this.#areas, ...this.#wholeUnits(this.#new)], sizeBytes);
    this.#new = [];
    while (this.#areas.length > maxAreas) {
      this.#unitBytes *= 2;
      this.#areas = this.#wholeUnits(this.#areas);
    }
    return this.#areas;
  }

  #wholeUnits(areas: readonly Extent[]): Extent[] {
    return wholeUnits(areas, this.#unitBytes, this.#options.sizeBytes);
  }
}
