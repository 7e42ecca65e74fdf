import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsWildcard, wildcardsMeet } from './wildcard.ts';

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 7 });
const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 7 });

describe('patterns of faults', () => {
  it('mean what they say, and nothing of them is special but the star', () => {
    expect(fitsWildcard('/api/*/x', '/api/a/b/x')).toBe(true);
    expect(fitsWildcard('/api/*/x', '/api/x')).toBe(false);
    expect(fitsWildcard('a.c', 'abc')).toBe(false);
    expect(fitsWildcard('*', '')).toBe(true);
  });

  it('meet whenever some text fits both', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (one, other, common) => {
        if (fitsWildcard(one, common) && fitsWildcard(other, common))
          expect(wildcardsMeet(one, other)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('meet as texts and patterns do, in either order', () => {
    fc.assert(
      fc.property(pattern, text, (one, other) => {
        expect(wildcardsMeet(one, other)).toBe(fitsWildcard(one, other));
        expect(wildcardsMeet(other, one)).toBe(fitsWildcard(one, other));
      }),
      { numRuns: 5_000 },
    );
  });

  it('that meet have a text in common', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 3 });
    // Two patterns of three signs that meet at all meet in a text of six signs at most.
    const texts = (length: number): string[] =>
      length === 0
        ? ['']
        : ['', ...['a', 'b'].flatMap((sign) => texts(length - 1).map((rest) => sign + rest))];
    const all = [...new Set(texts(6))];
    fc.assert(
      fc.property(short, short, (one, other) => {
        const isCommon = all.some((each) => fitsWildcard(one, each) && fitsWildcard(other, each));
        expect(wildcardsMeet(one, other)).toBe(isCommon);
      }),
      { numRuns: 500 },
    );
  });
});
