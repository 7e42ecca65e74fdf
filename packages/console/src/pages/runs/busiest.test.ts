import { expect, it } from 'vitest';
import { busiest } from './busiest.ts';
import type { GanttBar, GanttLane } from './gantt-layout.ts';

const lane = (...bars: readonly (readonly [string, number, number])[]) =>
  ({ bars: bars.map(([step, from, to]) => ({ step, from, to }) as GanttBar) }) as unknown as GanttLane;

it('is what most of the time goes to, with what happens at once counted once', () => {
  const lanes = [
    lane(['transfer', 0.1, 0.4], ['read', 0.5, 0.95]),
    lane(['transfer', 0.1, 0.5], ['read', 0.6, 0.8]),
    lane(['transfer', 0.2, 0.45]),
  ];
  expect(busiest({ lanes })).toEqual({ kind: 'read', share: expect.closeTo(0.45) });
  const longer = [...lanes, lane(['transfer', 0.5, 0.6])];
  expect(busiest({ lanes: longer })).toEqual({ kind: 'transfer', share: expect.closeTo(0.5) });
});

it('is nothing before the first step', () => {
  expect(busiest({ lanes: [] })).toBeUndefined();
});
