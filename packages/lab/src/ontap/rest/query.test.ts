import { describe, expect, test } from 'vitest';
import { QueryTest } from './query.ts';

const hits = (query: string, ...values: (string | number | boolean)[]) =>
  new QueryTest(query).matches(values);

describe('query values', () => {
  test.each([
    ['vol1', 'vol1', true],
    ['vol1', 'vol10', false],
    ['vol*', 'vol10', true],
    ['*_dst', 'a_dst', true],
    ['a.c', 'abc', false],
    ['a|b', 'b', true],
    ['!a', 'b', true],
    ['!a|b', 'b', false],
    ['"a|b"', 'a|b', true],
    ['{a*b}', 'a*b', true],
    ['{a*b}', 'axb', false],
  ])('text: %s on %s is %s', (query, value, expected) => expect(hits(query, value)).toBe(expected));

  test.each([
    ['>=2', 2, true],
    ['<2', 2, false],
    ['1..3', 3, true],
    ['1..3', 4, false],
    ['>1GB', 2 ** 30 + 1, true],
    ['1KB', 1024, true],
    ['007', 7, true],
  ])('numbers: %s on %s is %s', (query, value, expected) => expect(hits(query, value)).toBe(expected));

  test('durations, times, truths and absence', () => {
    expect(hits('>PT10H', 'PT11H')).toBe(true);
    expect(hits('>PT10H', 'P1DT1S')).toBe(true);
    expect(hits('>2024-03-13T00:00:00Z', '2024-03-13T02:00:00+00:00')).toBe(true);
    expect(hits('True', true)).toBe(true);
    expect(hits('null')).toBe(true);
    expect(hits('!null')).toBe(false);
    expect(hits('!null', 'x')).toBe(true);
    expect(hits('!x')).toBe(true);
    expect(hits('x', 'y', 'x')).toBe(true);
  });
});
