import type { Extent } from '@leeward/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalAreas } from '../areas/areas.ts';
import type { ChainPart } from './chain-parts.ts';
import { granuleOf, HoleCheck } from './hole-check.ts';

type Kind = ChainPart['kind'];

/** Parts of a disk from the kind of each of its units. */
function partsOf(kinds: readonly Kind[], unitBytes: number): ChainPart[] {
  return kinds.map((kind, at) => ({ kind, offsetBytes: at * unitBytes, lengthBytes: unitBytes }));
}

function findings(kinds: readonly Kind[], areas: readonly Extent[], unitBytes = 1) {
  const check = new HoleCheck(areas, kinds.length * unitBytes);
  for (const part of partsOf(kinds, unitBytes)) check.add(part);
  try {
    check.finish('a.vmdk');
    return { ranges: 0, totalBytes: 0 };
  } catch (error) {
    return (error as { details: { ranges: number; totalBytes: number; offset: number } }).details;
  }
}

describe('the granule of areas', () => {
  it('divides every border but the end of the disk, and its double does not', () => {
    const area = fc.record({ offsetBytes: fc.nat(5000), lengthBytes: fc.integer({ min: 1, max: 500 }) });
    fc.assert(
      fc.property(fc.array(area, { minLength: 1 }), fc.integer({ min: 0, max: 10 }), (raw, shift) => {
        const scale = 2 ** shift;
        const areas = raw.map(({ offsetBytes, lengthBytes }) => ({
          offsetBytes: offsetBytes * scale,
          lengthBytes: lengthBytes * scale,
        }));
        const granule = granuleOf(areas, 10_000 * scale);
        const fits = (size: number) =>
          areas.every(({ offsetBytes, lengthBytes }) => offsetBytes % size === 0 && lengthBytes % size === 0);
        expect(fits(granule)).toBe(true);
        expect(granule % scale).toBe(0);
        expect(fits(granule * 2)).toBe(false);
      }),
      { examples: [[[{ offsetBytes: 3, lengthBytes: 9997 }], 0]] },
    );
  });
});

describe('the check of holes', () => {
  it('finds exactly the whole granules that were written and that nothing holds', () => {
    const kinds = fc.array(fc.constantFrom<Kind>('data', 'hole', 'zero'), { minLength: 1, maxLength: 60 });
    const area = fc.record({ offsetBytes: fc.nat(15), lengthBytes: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(kinds, fc.array(area, { maxLength: 6 }), (disk, raw) => {
        const areas = normalAreas(
          raw.map(({ offsetBytes, lengthBytes }) => ({
            offsetBytes: offsetBytes * 4,
            lengthBytes: lengthBytes * 4,
          })),
          disk.length,
        );
        const saysNothing = areas.length === 1 && areas[0]?.lengthBytes === disk.length;
        const granule = granuleOf(saysNothing ? [] : areas, disk.length);
        let expected = 0;
        for (let from = 0; from < disk.length && !saysNothing; from += granule) {
          const to = Math.min(from + granule, disk.length);
          const written = areas.some(
            ({ offsetBytes, lengthBytes }) => offsetBytes <= from && offsetBytes + lengthBytes >= to,
          );
          if (written && disk.slice(from, to).every((kind) => kind === 'hole')) expected += to - from;
        }
        expect(findings(disk, areas).totalBytes).toBe(expected);
      }),
    );
  });

  it('tells where the first one is, and how many there are', () => {
    const kinds: Kind[] = ['data', 'hole', 'hole', 'data', 'hole', 'zero', 'hole', 'hole'];
    const areas = [{ offsetBytes: 65_536, lengthBytes: 5 * 65_536 }];
    expect(findings(kinds, areas, 65_536)).toEqual({
      file: 'a.vmdk',
      ranges: 2,
      totalBytes: 3 * 65_536,
      offset: 65_536,
    });
  });
});
