import { isError, type Schedule } from '@leeward/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedCron, lastTime, nextTimes } from './cron-times.ts';
import { dueNow } from './due.ts';

const at = (text: string) => Date.parse(text);
const iso = (times: readonly number[]) => times.map((time) => new Date(time).toISOString());
const berlin = 'Europe/Berlin';

const nightly: Schedule = {
  cron: '0 22 * * *',
  timeZone: 'UTC',
  enabled: true,
  catchUpMs: 4 * 3_600_000,
  since: '2026-11-01T00:00:00.000Z',
};

describe('times of a schedule', () => {
  it('a named hour in the gap of spring comes right after it, and once in autumn', () => {
    const times = { cron: '30 2 * * *', timeZone: berlin };
    expect(iso(nextTimes(times, at('2027-03-27T12:00Z'), 2))).toEqual([
      '2027-03-28T01:00:00.000Z',
      '2027-03-29T00:30:00.000Z',
    ]);
    expect(iso(nextTimes(times, at('2026-10-24T12:00Z'), 2))).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
    const several = { cron: '30 2,14 * * *', timeZone: berlin };
    expect(iso(nextTimes(several, at('2027-03-27T20:00Z'), 1))).toEqual(['2027-03-28T01:00:00.000Z']);
  });

  it('what is repeated through the day goes by elapsed time', () => {
    const times = { cron: '0 * * * *', timeZone: berlin };
    const hours = nextTimes(times, at('2026-10-24T23:00Z'), 5);
    expect(hours.map((time, place) => time - (hours[0] ?? 0) - place * 3_600_000)).toEqual([0, 0, 0, 0, 0]);
  });

  it('the last one counts the moment itself', () => {
    for (const [now, last] of [
      ['2026-11-26T22:00:00.000Z', '2026-11-26T22:00:00.000Z'],
      ['2026-11-26T22:00:00.001Z', '2026-11-26T22:00:00.000Z'],
      ['2026-11-26T21:59:59.999Z', '2026-11-25T22:00:00.000Z'],
    ] as const)
      expect(iso([lastTime(nightly, at(now)) ?? 0])).toEqual([last]);
  });

  it.each([
    ['61 * * * *', 'L-SCH-104'],
    ['0 0 30 2 *', 'L-SCH-104'],
    ['0 0 22 * * *', 'L-SCH-104'],
    ['now and then', 'L-SCH-104'],
    ['0 22 * * 5#6', 'L-SCH-104'],
  ])('%s is refused', (text, code) => {
    expect(() => checkedCron(text, 'UTC', 0)).toThrow(expect.objectContaining({ code }));
  });

  it('an unknown time zone is refused', () => {
    expect(() => checkedCron('hourly', 'Europe/Atlantis', 0)).toThrow(
      expect.objectContaining({ code: 'L-SCH-105' }),
    );
  });

  it('whatever is given is a valid schedule or refused with a code', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^([0-9*/,#L-]{1,4} ){4}[0-9A-Z*/,#L-]{1,4}$/)),
        (text) => {
          try {
            const cron = checkedCron(text, 'UTC', at('2026-11-26T00:00Z'));
            expect(nextTimes({ cron, timeZone: 'UTC' }, at('2026-11-26T00:00Z'), 1)).toHaveLength(1);
          } catch (error) {
            expect(isError(error, 'L-SCH-104')).toBe(true);
          }
        },
      ),
    );
  });
});

describe('what is due', () => {
  const due = (now: string, considered?: string, schedule = nightly) => {
    const found = dueNow(schedule, considered === undefined ? undefined : at(considered), at(now));
    return found && [new Date(found.dueMs).toISOString(), found.kind, found.times];
  };

  it('is a time once, on time', () => {
    const monday = '2026-11-23T22:00:00.000Z';
    expect(due('2026-11-23T21:59:59.999Z', '2026-11-22T22:00:00Z')).toBeUndefined();
    expect(due(monday, '2026-11-22T22:00:00Z')).toEqual([monday, 'on-time', 1]);
    expect(due('2026-11-23T22:00:01Z', monday)).toBeUndefined();
  });

  it('of several times that passed only the newest counts, and is made up for when it is not too long ago', () => {
    const newest = '2026-11-25T22:00:00.000Z';
    expect(due('2026-11-26T01:00:00Z', '2026-11-22T22:00:00Z')).toEqual([newest, 'catch-up', 3]);
    expect(due('2026-11-26T02:00:01Z', '2026-11-22T22:00:00Z')).toEqual([newest, 'missed', 3]);
    expect(due('2026-11-26T01:00:00Z', '2026-11-22T22:00:00Z', { ...nightly, catchUpMs: 0 })).toEqual([
      newest,
      'missed',
      3,
    ]);
  });

  it('is nothing from before the schedule held, nor while it is switched off', () => {
    expect(
      due('2026-11-25T23:00:00Z', undefined, { ...nightly, since: '2026-11-25T22:30:00.000Z' }),
    ).toBeUndefined();
    expect(due('2026-11-25T22:00:30Z', undefined, { ...nightly, enabled: false })).toBeUndefined();
  });

  it('every time is due exactly once, however seldom and irregularly somebody looks', () => {
    const step = fc.integer({ min: 1, max: 3 * 3_600_000 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20, size: 'max' }), (steps) => {
        const schedule = { ...nightly, cron: '*/20 * * * *', since: '2026-11-25T00:00:00.000Z' };
        let now = at(schedule.since);
        let considered: number | undefined;
        let counted = 0;
        for (const each of steps) {
          now += each;
          const found = dueNow(schedule, considered, now);
          if (!found) continue;
          expect(found.dueMs).toBeGreaterThan(considered ?? 0);
          considered = found.dueMs;
          counted += found.times;
        }
        expect(counted).toBe(
          nextTimes(schedule, at(schedule.since), 1_000).filter((time) => time <= now).length,
        );
      }),
      { numRuns: 5 },
    );
  });
});
