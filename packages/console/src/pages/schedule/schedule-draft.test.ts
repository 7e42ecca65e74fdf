import { parseSchedule } from '@leeward/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  draftOf,
  newSchedule,
  type Rhythm,
  type ScheduleDraft,
  scheduleBody,
  scheduleFlags,
  wordsOf,
} from './schedule-draft.ts';

const draft = newSchedule('Europe/Berlin');
const plain = (text: string) => text;
const scheduled = (cron: string) => ({
  ...{ cron, timeZone: 'Europe/Berlin', enabled: true, catchUpMs: 12 * 3_600_000, since: '' },
});

it('is only by hand at first', () => {
  expect([wordsOf(draft), scheduleBody(draft), scheduleFlags(draft, plain)]).toEqual([
    undefined,
    undefined,
    [],
  ]);
});

it('is said to the API and on the command line in the same words', () => {
  const nightly: ScheduleDraft = { ...draft, rhythm: 'weekdays', time: '21:30', catchUpHours: '0' };
  expect(scheduleBody(nightly)).toEqual({
    cron: 'weekdays at 21:30',
    timeZone: 'Europe/Berlin',
    catchUpMs: 0,
    retries: 0,
  });
  expect(scheduleFlags(nightly, plain).join(' ')).toBe(
    '--schedule weekdays at 21:30 --time-zone Europe/Berlin --no-catch-up',
  );
});

it('tries again what failed, as often and as late as is said', () => {
  const again: ScheduleDraft = { ...draft, rhythm: 'daily', retries: '3', retryMinutes: '30' };
  expect(scheduleBody(again)).toMatchObject({ retries: 3, retryWaitMs: 1_800_000 });
  expect(scheduleFlags(again, plain)).toContain('--retries 3 --retry-wait 30m');
  const known = { ...scheduled('0 22 * * *'), retries: 3, retryWaitMs: 1_800_000 };
  expect(draftOf(known)).toMatchObject({ retries: '3', retryMinutes: '30' });
});

it('every choice is understood by the server, and shown as the same choice again', () => {
  const two = (count: number) => String(count).padStart(2, '0');
  const choice = fc.record({
    rhythm: fc.constantFrom<Rhythm>('daily', 'weekdays', 'hours'),
    time: fc.tuple(fc.nat(23), fc.nat(59)).map(([hour, minute]) => `${two(hour)}:${two(minute)}`),
    everyHours: fc.constantFrom('1', '2', '3', '4', '6', '8', '12'),
  });
  fc.assert(
    fc.property(choice, (chosen) => {
      const cron = parseSchedule(wordsOf({ ...draft, ...chosen }) ?? '');
      expect(cron).toBeDefined();
      const again = draftOf(scheduled(cron ?? ''));
      expect(wordsOf(again)).toBe(wordsOf({ ...draft, ...chosen }));
    }),
  );
});

it('shows anything else as it is', () => {
  expect(draftOf(scheduled('0 3 L * *'))).toMatchObject({ rhythm: 'words', words: '0 3 L * *' });
});
