import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { granuleOf } from './granule.ts';

const mib = 2 ** 20;
const tib = 2 ** 40;

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

  it('is no larger than a block of VMFS, but on disks that may be tracked more coarsely', () => {
    const areas = [{ offsetBytes: 0, lengthBytes: 64 * mib }];
    expect([tib, 2 * tib, 4 * tib, 5 * tib, 62 * tib].map((size) => granuleOf(areas, size) / mib)).toEqual([
      1, 1, 2, 4, 16,
    ]);
  });
});
