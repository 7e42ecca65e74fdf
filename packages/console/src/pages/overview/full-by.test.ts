import { expect, it } from 'vitest';
import { fullBy } from './full-by.ts';

const nowMs = Date.parse('2026-11-26T00:00:00Z');

it('tells when a repository is full at the rate of the last day', () => {
  expect(fullBy(100, 10, nowMs)).toBe('2026-12-06T00:00:00.000Z');
  expect(fullBy(0, 10, nowMs)).toBe('2026-11-26T00:00:00.000Z');
});

it('says nothing where nothing grows, or only in many years', () => {
  expect([fullBy(100, 0, nowMs), fullBy(1e12, 1, nowMs)]).toEqual([undefined, undefined]);
});
