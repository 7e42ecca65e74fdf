import fc from 'fast-check';
import { expect, it } from 'vitest';
import { areasBytes, intersectionOf, normalAreas } from './areas.ts';
import { CoarseAreas } from './coarse-areas.ts';

const sizeBytes = 100_000;
const anArea = fc.record({
  offsetBytes: fc.integer({ min: 0, max: sizeBytes - 1 }),
  lengthBytes: fc.integer({ min: 1, max: 2_000 }),
});

it('cover all that was added, and are never more than wanted', () => {
  fc.assert(
    fc.property(
      fc.array(anArea, { maxLength: 200, size: 'max' }),
      fc.integer({ min: 1, max: 20 }),
      (added, maxAreas) => {
        const areas = new CoarseAreas({ sizeBytes, finestBytes: 64, maxAreas });
        for (const area of added) areas.add(area);
        const found = areas.finish();
        const wanted = normalAreas(added, sizeBytes);
        expect(areasBytes(intersectionOf(found, wanted))).toBe(areasBytes(wanted));
        expect(found).toEqual(normalAreas(found, sizeBytes));
        expect(found.length).toBeLessThanOrEqual(maxAreas);
      },
    ),
  );
});

it('are as fine as wanted while there is room', () => {
  const areas = new CoarseAreas({ sizeBytes, finestBytes: 1000, maxAreas: 2 });
  areas.add({ offsetBytes: 1500, lengthBytes: 1 });
  areas.add({ offsetBytes: 99_999, lengthBytes: 1 });
  expect(areas.finish()).toEqual([
    { offsetBytes: 1000, lengthBytes: 1000 },
    { offsetBytes: 99_000, lengthBytes: 1000 },
  ]);
  areas.add({ offsetBytes: 4000, lengthBytes: 10 });
  expect(areas.finish()).toEqual([
    { offsetBytes: 0, lengthBytes: 8000 },
    { offsetBytes: 96_000, lengthBytes: 4000 },
  ]);
});
