import { describe, expect, it } from 'vitest';
import { bytes } from './bytes.ts';
import { duration, stopwatch } from './duration.ts';
import { counted, localTime, utcTime } from './when.ts';

describe('figures', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [1024 ** 2 - 1, '1.00 MiB'],
    [1.5 * 1024 ** 3, '1.50 GiB'],
    [2048 * 1024 ** 5, '2048.0 PiB'],
  ])('%i bytes are %s', (count, text) => expect(bytes(count)).toBe(text));

  it.each([
    [-5, '0 ms'],
    [850, '850 ms'],
    [4_200, '4.2 s'],
    [59_999, '1 m 00 s'],
    [185_000, '3 m 05 s'],
    [3_600_000 * 27, '1 d 03 h'],
  ])('%i ms are %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [0, '0:00'],
    [7_999, '0:07'],
    [725_000, '12:05'],
    [3_729_000, '1:02:09'],
  ])('a stop-watch shows %i ms as %s', (ms, text) => expect(stopwatch(ms)).toBe(text));

  it('times are local, and in UTC where that is said', () => {
    expect(utcTime('2026-11-25T20:28:57.123Z')).toBe('2026-11-25 20:28:57 UTC');
    const local = localTime('2026-11-25T20:28:57.123Z');
    expect(local).toMatch(/^2026-11-2\d \d\d:\d\d:57$/);
    expect(new Date(local.replace(' ', 'T')).getTime()).toBe(Date.parse('2026-11-25T20:28:57Z'));
  });

  it('counts', () => {
    expect([counted(1, 'VM'), counted(0, 'VM'), counted(10_000, 'VM')]).toEqual([
      '1 VM',
      '0 VMs',
      '10,000 VMs',
    ]);
  });
});
