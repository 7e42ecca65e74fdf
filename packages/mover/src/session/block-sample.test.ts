import type { Extent } from '@leeward/core';
import { SeededRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalAreas } from '../areas/areas.ts';
import { BlockSample, fewestSampled } from './block-sample.ts';

const block = 1024;
const areasOf = (blocks: readonly number[]): Extent[] =>
  blocks.map((at) => ({ offsetBytes: at * block, lengthBytes: block }));
const sampleOf = (blocks: number, fraction: number, seed: number, changed: readonly Extent[] = []) =>
  new BlockSample(blocks * block, block, changed, { fraction, seed });

test('it chooses as many unchanged blocks as asked, each once, in order, the same each time', () => {
  const area = fc.record({ offsetBytes: fc.nat(300_000), lengthBytes: fc.nat(40_000) });
  const fractions = fc.oneof(fc.constant(1), fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.nat(400_000), fc.array(area), fractions, fc.nat(), (sizeBytes, areas, fraction, seed) => {
      const changed = normalAreas(areas, sizeBytes);
      const sample = new BlockSample(sizeBytes, block, changed, { fraction, seed });
      const unchanged = Array.from({ length: Math.ceil(sizeBytes / block) }, (_, at) => at).filter(
        (at) =>
          !changed.some(
            ({ offsetBytes, lengthBytes }) =>
              offsetBytes < (at + 1) * block && offsetBytes + lengthBytes > at * block,
          ),
      );
      const chosen = [...sample.blocks()];
      expect(chosen).toEqual([...new Set(chosen)].toSorted((a, b) => a - b));
      expect(unchanged).toEqual(expect.arrayContaining(chosen));
      const wanted = Math.max(Math.ceil(fraction * unchanged.length), fewestSampled);
      expect(chosen.length).toBe(fraction === 0 ? 0 : Math.min(unchanged.length, wanted));
      expect(chosen.length).toBe(sample.count);
      if (fraction === 1) expect(chosen).toEqual(unchanged);
      expect([...sample.blocks()]).toEqual(chosen);
      expect(sample.areas()).toEqual(normalAreas(areasOf(chosen), 1e9));
      const next = sample.inOrder();
      const inside: number[] = [];
      for (let first = 0; first * block < sizeBytes; first += 7)
        inside.push(...next(first, 7).map((at) => first + at));
      expect(inside).toEqual(chosen);
    }),
  );
});

test('every block is as likely as any other one', () => {
  const seen = new Uint32Array(1_000);
  for (let seed = 0; seed < 4_000; seed++) for (const at of sampleOf(1_000, 0.05, seed).blocks()) seen[at]!++;
  // 200 expected; a block that is never or always chosen would stand out by far.
  expect(Math.min(...seen)).toBeGreaterThan(130);
  expect(Math.max(...seen)).toBeLessThan(280);
});

/** In how many of many backups a sample of the default size meets a missed block. */
function foundIn(missed: (random: SeededRandomness) => ReadonlySet<number>): number {
  let found = 0;
  for (let seed = 1; seed <= 500; seed++) {
    const lost = missed(new SeededRandomness(seed * 7_919));
    if ([...sampleOf(20_000, 0.005, seed).blocks()].some((at) => lost.has(at))) found++;
  }
  return found / 500;
}

test('the default of 0.5 % finds scattered misses as often as chance allows', () => {
  for (const [misses, least, most] of [
    [1, 0, 0.02],
    [140, 0.44, 0.57],
    [1_000, 0.98, 1],
  ] as const) {
    // 1 - (1 - 0.005) ^ misses
    const rate = foundIn(
      (random) => new Set(Array.from({ length: misses }, () => Math.floor(random.fraction() * 20_000))),
    );
    expect(rate).toBeGreaterThanOrEqual(least);
    expect(rate).toBeLessThanOrEqual(most);
  }
});

test('a stretch of missed writes as long as two of its steps is always found', () => {
  const stretch = (random: SeededRandomness) => {
    const from = Math.floor(random.fraction() * 19_600);
    return new Set(Array.from({ length: 400 }, (_, at) => from + at));
  };
  expect(foundIn(stretch)).toBe(1);
});
