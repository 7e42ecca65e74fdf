import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, counted, duration, timeBetween, when } from './format.ts';

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [1536, '1.50 KiB'],
    [1024 ** 2 - 1, '1.00 MiB'],
    [48 * 1024 ** 2, '48.0 MiB'],
    [10 * 1024 ** 3 - 1, '10.0 GiB'],
    [3 * 1024 ** 4, '3.00 TiB'],
    [5000 * 1024 ** 5, '5000.0 PiB'],
  ])('%i is %s', (count, text) => expect(bytes(count)).toBe(text));

  it('never shows 1024 of a unit that has a larger one', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 50 }), (count) => {
        expect(bytes(count)).not.toMatch(/^10(24|23\.9[5-9])/);
      }),
    );
  });
});

describe('duration', () => {
  it.each([
    [-5, '0 ms'],
    [850, '850 ms'],
    [999.6, '1.0 s'],
    [4_200, '4.2 s'],
    [59_960, '1 m 00 s'],
    [185_000, '3 m 05 s'],
    [3_599_700, '1 h 00 m'],
    [4_320_000, '1 h 12 m'],
    [2 * 86_400_000 + 3 * 3_600_000, '2 d 03 h'],
  ])('%d ms is %s', (durationMs, text) => expect(duration(durationMs)).toBe(text));

  it('is taken between two times', () => {
    expect(timeBetween('2026-11-25T20:00:00.000Z', '2026-11-25T20:00:04.200Z')).toBe('4.2 s');
  });
});

it('shows times to the second, in UTC', () => {
  expect(when('2026-11-25T20:28:57.634Z')).toBe('2026-11-25 20:28:57Z');
});

it('counts in words', () => {
  expect([counted(1, 'disk'), counted(0, 'disk'), counted(2, 'disk')]).toEqual([
    '1 disk',
    '0 disks',
    '2 disks',
  ]);
});
