import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextTime, scheduledName, type Timing } from './schedule-times.ts';

const daily: Timing = {
  period: 1,
  periodUnit: 'days',
  atTimeSeconds: 3600,
  untilTimeSeconds: 86_399,
  days: 'all',
};
const at = (text: string) => Date.parse(`${text}Z`);
const text = (ms: number) => new Date(ms).toISOString().slice(0, 16);

describe('when a schedule takes its next storage snapshot', () => {
  test.each<[string, Partial<Timing>, string, string]>([
    ['before the time of day', {}, '2026-03-03T00:30', '2026-03-03T01:00'],
    ['at the time of day', {}, '2026-03-03T01:00', '2026-03-04T01:00'],
    ['on given days', { days: 'mon,fri' }, '2026-03-03T00:00', '2026-03-06T01:00'],
    ['hours', { periodUnit: 'hours', period: 6 }, '2026-03-03T08:00', '2026-03-03T13:00'],
    [
      'not after the last time of day',
      { periodUnit: 'hours', untilTimeSeconds: 5 * 3600 },
      '2026-03-03T05:30',
      '2026-03-04T01:00',
    ],
    ['minutes', { periodUnit: 'minutes', period: 15 }, '2026-03-03T01:16', '2026-03-03T01:30'],
    ['weeks', { periodUnit: 'weeks' }, '2026-03-03T00:00', '2026-03-09T01:00'],
  ])('%s', (_, change, now, expected) => {
    expect(text(nextTime({ ...daily, ...change }, at(now)))).toBe(expected);
  });

  test('always later, within its times of day, on its days', () => {
    const timing = fc.record({
      period: fc.integer({ min: 1, max: 40 }),
      periodUnit: fc.constantFrom('minutes', 'hours', 'days', 'weeks'),
      atTimeSeconds: fc.integer({ min: 0, max: 43_200 }),
      untilTimeSeconds: fc.integer({ min: 43_201, max: 86_399 }),
      days: fc.constantFrom('all', 'mon', 'tue,thu', 'sat,sun'),
    } as const);
    fc.assert(
      fc.property(timing, fc.integer({ min: 0, max: 4_000_000_000_000 }), (timing, now) => {
        const next = nextTime(timing, now);
        const second = Math.floor((next % 86_400_000) / 1000);
        expect(next).toBeGreaterThan(now);
        expect(second).toBeGreaterThanOrEqual(timing.atTimeSeconds);
        expect(second).toBeLessThanOrEqual(timing.untilTimeSeconds);
        const weekday = new Date(next).toLocaleDateString('en', { weekday: 'short', timeZone: 'UTC' });
        if (timing.days !== 'all') expect(timing.days.split(',')).toContain(weekday.toLowerCase());
      }),
    );
  });

  test('names tell collection, schedule and time', () => {
    const name = scheduledName('vc', 'daily', at('2026-03-03T01:00:00.007'));
    expect(name).toBe('vc-daily-2026-03-03::01:00:00.007');
  });
});
