import { expect, it } from 'vitest';
import { bandMarks, countsOf } from './band.ts';

const at = (hour: number) => new Date(hour * 3_600_000).toISOString();
const run = (id: string, from: number, to?: number) => ({
  ...{ id, state: 'success', startedAt: at(from) },
  ...(to === undefined ? {} : { endedAt: at(to) }),
});
const marks = (...runs: ReturnType<typeof run>[]) =>
  bandMarks(runs as Parameters<typeof bandMarks>[0], 0, 100 * 3_600_000);

it('puts runs where they began and ended, those at the same time below each other', () => {
  expect(marks(run('c', 30, 40), run('a', 0, 10), run('b', 5, 20))).toEqual([
    { id: 'a', state: 'success', from: 0, width: 10, lane: 0 },
    { id: 'b', state: 'success', from: 5, width: 15, lane: 1 },
    { id: 'c', state: 'success', from: 30, width: 10, lane: 0 },
  ]);
});

it('shows what took a moment, goes on, or began before the band', () => {
  const [before, moment, on] = marks(run('before', -10, 5), run('moment', 50, 50), run('on', 90));
  expect(before).toMatchObject({ from: 0, width: 5 });
  expect(moment?.width).toBeGreaterThan(0);
  expect(on).toMatchObject({ from: 90, width: 10 });
  const [late] = marks(run('late', 100, 100));
  expect((late?.from ?? 0) + (late?.width ?? 0)).toBeLessThanOrEqual(100);
});

it('never needs more than a few lanes', () => {
  const lanes = marks(...Array.from({ length: 40 }, (_, id) => run(String(id), 1, 50))).map(
    ({ lane }) => lane,
  );
  expect(Math.max(...lanes)).toBe(5);
});

it('counts states', () => {
  const states = ['success', 'failed', 'success'] as const;
  expect(countsOf(states.map((state) => ({ state })))).toEqual([
    ['success', 2],
    ['failed', 1],
  ]);
});
