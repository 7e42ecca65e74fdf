import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration-option.ts';

describe('a length of time on the command line', () => {
  it.each([
    ['200ms', 200],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['3d', 259_200_000],
  ])('%s', (text, expected) => {
    expect(parseDuration(text, Number.POSITIVE_INFINITY)).toBe(expected);
  });

  it.each(['', '30', 's', '-1s', '1 s', '0s', '1w', '1e3s', 'ms30'])('refuses "%s"', (text) => {
    expect(() => parseDuration(text, Number.POSITIVE_INFINITY)).toThrow('must be a length of time');
  });

  it('refuses what is longer than the most', () => {
    expect(() => parseDuration('2d', 86_400_000)).toThrow('too long');
  });
});
