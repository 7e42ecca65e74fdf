import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromArrayName, toArrayName } from './array-name.ts';

describe('names on the array', () => {
  it('read like ours and keep to its characters', () => {
    expect(toArrayName('leeward_daily-vms_018f-7a_g1')).toBe('leeward-daily:-vms-018f:-7a-g1');
    expect(fromArrayName('leeward-daily:-vms-018f:-7a-g1')).toBe('leeward_daily-vms_018f-7a_g1');
  });

  it('come back for every name, and never fall together', () => {
    const names = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string().map((rest) => `leeward_${rest}`),
      fc.string().map((rest) => `leeward-${rest}`),
    );
    const told = names.map(fromArrayName);
    fc.assert(
      fc.property(told, told, (one, other) => {
        expect(fromArrayName(toArrayName(one))).toBe(one);
        if (toArrayName(one) === toArrayName(other)) expect(one).toBe(other);
      }),
    );
  });

  it('allow only what the array takes, for names of ours', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (rest) => {
        expect(toArrayName(`leeward_${rest}`)).toMatch(/^[A-Za-z0-9.:-]+$/);
      }),
    );
  });

  it('leave foreign names alone', () => {
    const scheduled = 'vc-prod-hourly-2026-01-01::10:00:00.000';
    expect(fromArrayName(scheduled)).toBe(scheduled);
    expect(toArrayName(scheduled)).toBe(scheduled);
  });
});
