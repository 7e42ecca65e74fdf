import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMs } from './duration.ts';

describe('ISO 8601 durations', () => {
  it.each([
    ['PT8M42S', 522_000],
    ['P1DT2H', 93_600_000],
    ['PT0S', 0],
    ['P2W', 1_209_600_000],
    ['PT1.5S', 1_500],
  ])('%s', (text, expected) => {
    expect(durationMs(text)).toBe(expected);
  });

  it.each(['', 'P', 'PT', '8M', 'P1H', 'PT1X'])('refuses %j', (text) => {
    expect(durationMs(text)).toBeUndefined();
  });

  it('reads what it wrote', () => {
    const part = fc.nat(10_000);
    fc.assert(
      fc.property(part, part, part, part, (d, h, m, s) => {
        expect(durationMs(`P${d}DT${h}H${m}M${s}S`)).toBe((((d * 24 + h) * 60 + m) * 60 + s) * 1_000);
      }),
    );
  });
});
