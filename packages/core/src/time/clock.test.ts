import { expect, it } from 'vitest';
import { isoTime } from './clock.ts';

it('isoTime is ISO 8601 in UTC with milliseconds', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(isoTime(1_750_000_000_123)).toBe('2025-06-15T15:06:40.123Z');
});
