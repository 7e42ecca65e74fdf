import { systemRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { degree, isIrreducible, randomPolynomial } from './polynomial.ts';

describe('polynomial', () => {
  it('knows the one of the chunker library itself', () => {
    expect(isIrreducible(0x3da3358b4dc173n)).toBe(true);
  });

  it('agrees with trial division for every polynomial up to degree 9', () => {
    for (let candidate = 2n; candidate < 1n << 10n; candidate++) {
      expect(isIrreducible(candidate), candidate.toString(2)).toBe(!hasDivisor(candidate));
    }
  });

  it('refuses every product', () => {
    const factor = fc.bigInt({ min: 2n, max: (1n << 27n) - 1n });
    fc.assert(
      fc.property(factor, factor, (a, b) => {
        expect(isIrreducible(product(a, b))).toBe(false);
      }),
    );
  });

  it('makes irreducible ones of degree 53', () => {
    const polynomial = randomPolynomial((length) => systemRandomness.bytes(length));
    expect(degree(polynomial)).toBe(53);
    expect(isIrreducible(polynomial)).toBe(true);
  });
});

function product(a: bigint, b: bigint): bigint {
  let sum = 0n;
  for (let bit = 0n; bit <= BigInt(degree(b)); bit++) if ((b >> bit) & 1n) sum ^= a << bit;
  return sum;
}

function hasDivisor(polynomial: bigint): boolean {
  for (let divisor = 2n; degree(divisor) * 2 <= degree(polynomial); divisor++) {
    let rest = polynomial;
    while (degree(rest) >= degree(divisor)) rest ^= divisor << BigInt(degree(rest) - degree(divisor));
    if (rest === 0n) return true;
  }
  return false;
}
