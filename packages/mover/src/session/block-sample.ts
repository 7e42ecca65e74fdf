import type { Extent } from '@leeward/core';
import { SeededRandomness } from '@leeward/platform/randomness/seeded-randomness';
import { wholeUnits } from '../areas/areas.ts';

/** Which part of the blocks that change tracking says are unchanged is read all the same, to see whether it is true. */
export interface SampleOptions {
  /** 0 to 1. 0: none; above that never fewer than a few blocks. */
  readonly fraction: number;
  /** The same seed chooses the same blocks, so that an interrupted backup goes on. */
  readonly seed: number;
}

/** Chosen of every disk that has so many unchanged blocks, however small the fraction. */
export const fewestSampled = 8;

/** More are not listed one by one by `areas`. */
const maxAreas = 100_000;

interface Run {
  readonly first: number;
  readonly blocks: number;
}

/**
 * A random choice among the blocks of a disk that no changed area touches. They are cut into as many runs of equal
 * length as there are to choose, and one of each run is chosen: every block is as likely as any other one, a long
 * stretch of missed writes cannot slip through, and the cost is that of the choice, not of the disk.
 */
export class BlockSample {
  /** How many blocks are chosen. */
  readonly count: number;
  readonly #candidates: number;
  readonly #gaps: readonly Run[];
  readonly #seed: number;
  readonly #blockBytes: number;

  /** @param changed normal areas */
  constructor(sizeBytes: number, blockBytes: number, changed: readonly Extent[], options: SampleOptions) {
    this.#gaps = gapsOf(wholeUnits(changed, blockBytes, sizeBytes), blockBytes, sizeBytes);
    this.#candidates = this.#gaps.reduce((sum, { blocks }) => sum + blocks, 0);
    const wanted = Math.max(Math.ceil(options.fraction * this.#candidates), fewestSampled);
    this.count = options.fraction > 0 ? Math.min(wanted, this.#candidates) : 0;
    this.#seed = options.seed;
    this.#blockBytes = blockBytes;
  }

  /** Numbers of the chosen blocks, ascending; the same each time. */
  *blocks(): Iterable<number> {
    const randomness = new SeededRandomness(this.#seed);
    const gaps = this.#gaps[Symbol.iterator]();
    let gap: Run = { first: 0, blocks: 0 };
    let before = 0;
    for (let chosen = 0; chosen < this.count; chosen++) {
      const from = Math.floor((chosen * this.#candidates) / this.count);
      const to = Math.floor(((chosen + 1) * this.#candidates) / this.count);
      const candidate = from + Math.floor(randomness.fraction() * (to - from));
      while (candidate >= before + gap.blocks) {
        before += gap.blocks;
        const next = gaps.next();
        if (next.done) return;
        gap = next.value;
      }
      yield gap.first + candidate - before;
    }
  }

  /** The same as areas, merged; at most so many that they need little memory. */
  areas(): readonly Extent[] {
    const areas: { offsetBytes: number; lengthBytes: number }[] = [];
    for (const block of this.blocks()) {
      const offsetBytes = block * this.#blockBytes;
      const last = areas.at(-1);
      if (last && last.offsetBytes + last.lengthBytes === offsetBytes) last.lengthBytes += this.#blockBytes;
      else if (areas.length === maxAreas) break;
      else areas.push({ offsetBytes, lengthBytes: this.#blockBytes });
    }
    return areas;
  }

  /** Hands the chosen blocks out extent by extent: each call goes on where the last one ended. */
  inOrder(): (firstBlock: number, blocks: number) => readonly number[] {
    const all = this.blocks()[Symbol.iterator]();
    let next = all.next();
    return (firstBlock, blocks) => {
      const inside: number[] = [];
      for (; !next.done && next.value < firstBlock + blocks; next = all.next())
        if (next.value >= firstBlock) inside.push(next.value - firstBlock);
      return inside;
    };
  }
}

/** What lies between areas of whole blocks. */
function gapsOf(touched: readonly Extent[], blockBytes: number, sizeBytes: number): readonly Run[] {
  const gaps: Run[] = [];
  let first = 0;
  const upTo = (end: number) => {
    if (end > first) gaps.push({ first, blocks: end - first });
  };
  for (const { offsetBytes, lengthBytes } of touched) {
    upTo(offsetBytes / blockBytes);
    first = Math.ceil((offsetBytes + lengthBytes) / blockBytes);
  }
  upTo(Math.ceil(sizeBytes / blockBytes));
  return gaps;
}
