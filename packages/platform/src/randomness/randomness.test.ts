import type { Randomness } from '@leeward/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandomness } from './seeded-randomness.ts';
import { systemRandomness } from './system-randomness.ts';

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.each<[string, () => Randomness]>([
  ['SeededRandomness', () => new SeededRandomness(42)],
  ['systemRandomness', () => systemRandomness],
])('%s', (_, make) => {
  it('gives as many bytes as asked for, of all values', () => {
    const random = make();
    fc.assert(fc.property(fc.nat(300), (length) => random.bytes(length).length === length));
    const seen = new Set(random.bytes(20_000));
    expect(seen.size).toBe(256);
  });

  it('gives fractions from 0 up to but without 1, in no corner more than in another', () => {
    const random = make();
    const tenths = new Array<number>(10).fill(0);
    for (let turn = 0; turn < 20_000; turn++) {
      const fraction = random.fraction();
      expect(fraction >= 0 && fraction < 1).toBe(true);
      const tenth = Math.floor(fraction * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // 2000 each; ten standard deviations are 424.
    for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(424);
  });

  it('gives different version 4 UUIDs', () => {
    const random = make();
    const uuids = Array.from({ length: 500 }, () => random.uuid());
    expect(new Set(uuids).size).toBe(500);
    for (const uuid of uuids) expect(uuid).toMatch(uuidForm);
  });
});

describe('SeededRandomness', () => {
  it('repeats itself for a seed, and differs between seeds', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const draw = (from: number) => {
          const random = new SeededRandomness(from);
          return [random.fraction(), random.uuid(), Buffer.from(random.bytes(8)).toString('hex')];
        };
        expect(draw(seed)).toEqual(draw(seed));
        expect(draw(seed)).not.toEqual(draw(seed + 1));
      }),
    );
  });
});
