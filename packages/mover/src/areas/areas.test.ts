import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areasBytes, intersectionOf, markTouched, normalAreas, wholeUnits } from './areas.ts';

const diskBytes = 1000;
const area = fc.record({ offsetBytes: fc.nat(1200), lengthBytes: fc.nat(300) });

function bytesOf(areas: readonly { offsetBytes: number; lengthBytes: number }[]): Uint8Array {
  const bytes = new Uint8Array(diskBytes);
  for (const { offsetBytes, lengthBytes } of areas) bytes.fill(1, offsetBytes, offsetBytes + lengthBytes);
  return bytes;
}

describe('areas', () => {
  it('cover the same bytes when normal, in order and apart', () => {
    fc.assert(
      fc.property(fc.array(area), (areas) => {
        const normal = normalAreas(areas, diskBytes);
        expect(bytesOf(normal)).toEqual(bytesOf(areas));
        expect(areasBytes(normal)).toBe(bytesOf(areas).reduce((sum, byte) => sum + byte, 0));
        normal.forEach(({ offsetBytes }, at) => {
          const before = normal[at - 1];
          if (before) expect(offsetBytes).toBeGreaterThan(before.offsetBytes + before.lengthBytes);
        });
      }),
    );
  });

  it('mark exactly the blocks that they touch', () => {
    const block = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(fc.array(area), block, fc.nat(10), (areas, blockBytes, firstBlock) => {
        const normal = normalAreas(areas, diskBytes);
        const bytes = bytesOf(areas);
        const count = Math.max(0, Math.ceil(diskBytes / blockBytes) - firstBlock);
        const marks = new Uint8Array(count);
        markTouched(normal, firstBlock * blockBytes, blockBytes, marks);
        const expected = marks.map((_, at) => {
          const from = (firstBlock + at) * blockBytes;
          return bytes.subarray(from, from + blockBytes).includes(1) ? 1 : 0;
        });
        expect(marks).toEqual(expected);
        if (firstBlock > 0) return;
        const touched = [...marks].reduce((sum, mark, at) => {
          return sum + (mark === 1 ? Math.min(blockBytes, diskBytes - at * blockBytes) : 0);
        }, 0);
        expect(areasBytes(wholeUnits(normal, blockBytes, diskBytes))).toBe(touched);
      }),
    );
  });

  it('have in common exactly the bytes that are in both', () => {
    fc.assert(
      fc.property(fc.array(area), fc.array(area), (one, other) => {
        const common = intersectionOf(normalAreas(one, diskBytes), normalAreas(other, diskBytes));
        const both = bytesOf(one).map((byte, at) => byte & (bytesOf(other)[at] ?? 0));
        expect(bytesOf(common)).toEqual(both);
        expect(areasBytes(common)).toBe(both.reduce((sum, byte) => sum + byte, 0));
      }),
    );
  });

  it('refuse what is no area', () => {
    expect(() => normalAreas([{ offsetBytes: -1, lengthBytes: 5 }], 10)).toThrow(RangeError);
    expect(() => normalAreas([{ offsetBytes: 0, lengthBytes: Number.NaN }], 10)).toThrow(RangeError);
  });
});
