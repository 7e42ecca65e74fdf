import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AreaList, mergeExtents, withGrowth } from './area-list.ts';
import { collectAreas, UntrustedAreas } from './windows.ts';

interface Area {
  readonly start: number;
  readonly length: number;
}

/** Answers as a server would: the areas of a window that ends at a byte limit or after so many areas. */
function server(areas: readonly Area[], sizeBytes: number, windowBytes: number, maxAreas: number) {
  const calls: number[] = [];
  const ask = async (at: number) => {
    calls.push(at);
    let end = Math.min(at + windowBytes, sizeBytes);
    const inside: Area[] = [];
    for (const { start, length } of areas) {
      if (start + length <= at || start >= end) continue;
      if (inside.length === maxAreas) {
        end = start;
        break;
      }
      const from = Math.max(start, at);
      inside.push({ start: from, length: Math.min(start + length, end) - from });
    }
    const changedArea = inside.map((area) => ({ $type: 'DiskChangeExtent', ...area }));
    return { $type: 'DiskChangeInfo', startOffset: at, length: end - at, changedArea };
  };
  return { ask, calls };
}

const unit = 65_536;

test('any areas and any windows give the same areas', async () => {
  const areas = fc.uniqueArray(fc.nat({ max: 400 }), { maxLength: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(
      areas,
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 9 }),
      async (at, window, most) => {
        const sizeBytes = 401 * unit;
        const changed = at.toSorted((a, b) => a - b).map((index) => ({ start: index * unit, length: unit }));
        const { ask } = server(changed, sizeBytes, window * unit, most);
        const expected = mergeExtents(
          changed.map(({ start, length }) => ({ offsetBytes: start, lengthBytes: length })),
        );
        expect(await collectAreas(sizeBytes, ask)).toEqual(expected);
      },
    ),
  );
});

test.each([0, 1, 1_999, 2_000, 2_001, 100_000])('%i areas, 2,000 per answer', async (count) => {
  const sizeBytes = Math.max(1, count) * 2 * unit;
  const areas = Array.from({ length: count }, (_, index) => ({ start: index * 2 * unit, length: unit }));
  const { ask, calls } = server(areas, sizeBytes, sizeBytes, 2_000);
  const found = await collectAreas(sizeBytes, ask);
  expect(found.length).toBe(count);
  expect(found.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)).toBe(count * unit);
  expect(calls.length).toBe(Math.max(1, Math.ceil(count / 2_000)));
});

describe('what cannot be trusted', () => {
  const answer = (startOffset: number, length: number, changedArea: Area[] = []) =>
    collectAreas(10 * unit, async () => ({
      $type: 'DiskChangeInfo',
      startOffset,
      length,
      changedArea: changedArea.map((area) => ({ $type: 'DiskChangeExtent', ...area })),
    }));
  test.each([
    ['no length', () => answer(0, 0)],
    ['a negative length', () => answer(0, -1)],
    ['a gap before the window', () => answer(unit, 9 * unit)],
    ['a window that never advances', () => answer(0, 5 * unit)],
    ['an area of negative length', () => answer(0, 10 * unit, [{ start: 0, length: -unit }])],
    ['an area before the disk', () => answer(0, 10 * unit, [{ start: -unit, length: unit }])],
  ])('%s', async (_, outcome) => {
    await expect(outcome()).rejects.toThrow(UntrustedAreas);
  });
});

test('areas beyond the disk are cut, empty ones dropped', () => {
  const list = new AreaList(100);
  list.add([
    { offsetBytes: 90, lengthBytes: 20 },
    { offsetBytes: 150, lengthBytes: 1 },
    { offsetBytes: 5, lengthBytes: 0 },
  ]);
  expect(list.result()).toEqual([{ offsetBytes: 90, lengthBytes: 10 }]);
});

test('too many areas are joined, never lost', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 300, size: 'max' }), (at) => {
      const list = new AreaList(5_001 * unit, 'join', 20);
      for (const index of at) list.add([{ offsetBytes: index * unit, lengthBytes: unit }]);
      const result = list.result();
      expect(result.length).toBeLessThanOrEqual(20);
      for (const index of at)
        expect(
          result.some(
            ({ offsetBytes, lengthBytes }) =>
              offsetBytes <= index * unit && offsetBytes + lengthBytes >= (index + 1) * unit,
          ),
        ).toBe(true);
    }),
  );
});

test('evidence is never joined: the smallest areas are left out', () => {
  const list = new AreaList(1_000 * unit, 'leave-out', 20);
  const large = { offsetBytes: 900 * unit, lengthBytes: 10 * unit };
  list.add([large]);
  const small = Array.from({ length: 40 }, (_, at) => ({ offsetBytes: at * 2 * unit, lengthBytes: unit }));
  list.add(small);
  const result = list.result();
  expect(result.length).toBe(10);
  expect(result).toContainEqual(large);
  for (const extent of result) expect([large, ...small]).toContainEqual(extent);
});

test('a disk that grew: all of the new part is changed', () => {
  expect(withGrowth([{ offsetBytes: 0, lengthBytes: 10 }], 100, 150)).toEqual([
    { offsetBytes: 0, lengthBytes: 10 },
    { offsetBytes: 100, lengthBytes: 50 },
  ]);
  expect(withGrowth([{ offsetBytes: 95, lengthBytes: 5 }], 100, 150)).toEqual([
    { offsetBytes: 95, lengthBytes: 55 },
  ]);
  expect(withGrowth([], 100, 100)).toEqual([]);
});
