import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchedule } from './parse-schedule.ts';
import { cronWords } from './schedule-words.ts';

/** Words, the cron text that they mean, and that text in words again. */
const known: readonly (readonly [string, string, string])[] = [
  ['daily at 22:00', '0 22 * * *', 'daily at 22:00'],
  ['Daily at 6:30 and 18:30', '30 6,18 * * *', 'daily at 06:30 and 18:30'],
  ['weekdays at 21', '0 21 * * 1-5', 'weekdays at 21:00'],
  ['weekends at 8:05', '5 8 * * 0,6', 'weekends at 08:05'],
  ['hourly', '0 * * * *', 'hourly'],
  ['every minute', '* * * * *', 'every minute'],
  ['every 15 minutes', '*/15 * * * *', 'every 15 minutes'],
  ['every 4 hours', '0 */4 * * *', 'every 4 hours'],
  ['mondays at 6:00', '0 6 * * 1', 'Mondays at 06:00'],
  ['weekly on sat at 6:00', '0 6 * * 6', 'Saturdays at 06:00'],
  ['mon, wed and fri at 21:30', '30 21 * * 1,3,5', 'Mondays, Wednesdays and Fridays at 21:30'],
  ['monthly on the 1st at 3:00', '0 3 1 * *', 'monthly on day 1 at 03:00'],
  ['monthly on the last day at 3:00', '0 3 L * *', 'monthly on the last day at 03:00'],
  ['monthly on the first sunday at 3:00', '0 3 * * 0#1', 'monthly on the first Sunday at 03:00'],
  ['monthly on the last fri at 3:00', '0 3 * * 5#L', 'monthly on the last Friday at 03:00'],
];

describe('a schedule in words', () => {
  it.each(known)('%s', (words, cron, again) => {
    expect(parseSchedule(words)).toBe(cron);
    expect(cronWords(cron)).toBe(again);
    expect(parseSchedule(again)).toBe(cron);
  });

  it.each(['0 22 * * *', '*/5 8-18 * * MON-FRI', '0 22 15W * *', '@daily', '0 3 L 1,7 *'])(
    '%s is cron',
    (cron) => {
      expect(parseSchedule(` ${cron.replaceAll(' ', '  ')} `)).toBe(cron);
    },
  );

  it.each([
    ...['', 'sometimes', 'daily', 'daily at 24:00', 'daily at 22:60', 'daily at 6:00 and 18:30'],
    ...['every 7 minutes', 'every 0 hours', 'every 24 hours', 'noday at 6:00', 'monthly on the 32nd at 3:00'],
    ...['0 22 * *', '0 0 22 * * *', 'one two three four five', 'monthly on the sixth monday at 3:00'],
  ])('%j is neither', (text) => {
    expect(parseSchedule(text)).toBeUndefined();
  });

  it('is never anything but five fields or a nickname, whatever is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9:*/ ,#L-]{0,40}$/)), (text) => {
        const cron = parseSchedule(text);
        if (cron !== undefined) expect(cron.startsWith('@') || cron.split(' ').length === 5).toBe(true);
      }),
    );
  });
});

describe('cron in words', () => {
  it.each([
    ['*/5 8-18 * * MON-FRI', 'at minute */5, hour 8-18, day of week MON-FRI'],
    ['0 22 1 * 5', 'at minute 0, hour 22, day of month 1, or day of week 5'],
    ['0 3 L 1,7 *', 'at minute 0, hour 3, day of month L, month 1,7'],
    ['30 * * * 1-5', 'hourly at minute 30, on weekdays'],
    ['@daily', 'daily at 00:00'],
    ['5 */6 * * *', 'every 6 hours at minute 5'],
  ])('%s', (cron, words) => {
    expect(cronWords(cron)).toBe(words);
  });
});
