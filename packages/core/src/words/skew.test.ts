import { expect, test } from 'vitest';
import { skewOf } from './skew.ts';

const within = { fromMs: 0, toMs: 60_000 };
const seen = (fromMs: number, toMs: number, atMs?: number, arrayId = 'a') => ({
  arrayId,
  measured: { fromMs, toMs },
  ...(atMs === undefined ? {} : { created: { atMs, grainMs: 1_000 } }),
});

test('one instant has no skew, whatever is known of it', () => {
  expect(skewOf([seen(10, 900)], within)).toEqual({ instants: 1, atLeastMs: 0, atMostMs: 0 });
});

test('the skew lies between the gap and the whole of the measured windows', () => {
  const instants = [seen(1_000, 1_020), seen(4_000, 4_030)];
  expect(skewOf(instants, within)).toEqual({ instants: 2, atLeastMs: 2_980, atMostMs: 3_030 });
  expect(skewOf([seen(0, 50), seen(10, 40)], within)).toMatchObject({ atLeastMs: 0, atMostMs: 50 });
});

test("an array's own times narrow what was measured loosely, and replace what was not measured", () => {
  const slow = [seen(0, 30_000, 5_000), seen(0, 30_000, 5_000)];
  expect(skewOf(slow, within)).toMatchObject({ atLeastMs: 0, atMostMs: 1_000 });
  const found = [5_000, 8_000].map((atMs) => ({ arrayId: 'a', created: { atMs, grainMs: 1_000 } }));
  expect(skewOf(found, within)).toMatchObject({ atLeastMs: 2_000, atMostMs: 4_000 });
});

test('clocks of different arrays are never compared', () => {
  const instants = [seen(100, 200, 5_000, 'a'), seen(150, 400, 9_000_000, 'b')];
  expect(skewOf(instants, within)).toMatchObject({ atLeastMs: 0, atMostMs: 300 });
  const unknown = [{ arrayId: 'a' }, seen(1_000, 2_000, undefined, 'b')];
  expect(skewOf(unknown, within)).toMatchObject({ atLeastMs: 0, atMostMs: 60_000 });
});
