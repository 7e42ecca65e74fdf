/**
 * The polynomial over GF(2) that restic cuts its own chunks with. Leeward does not chunk by content, but stock
 * restic must be able to back up into the same repository, so it has to be a real one: irreducible, degree 53.
 * Polynomials are bit strings in a `bigint`.
 */
const chunkerDegree = 53;

export function randomPolynomial(randomBytes: (length: number) => Uint8Array): bigint {
  for (;;) {
    const random = BigInt(`0x${Buffer.from(randomBytes(8)).toString('hex')}`);
    const candidate = (random & ((1n << BigInt(chunkerDegree)) - 1n)) | (1n << BigInt(chunkerDegree)) | 1n;
    if (isIrreducible(candidate)) return candidate;
  }
}

/** Ben-Or: f of degree n is irreducible iff gcd(f, x^(2^i) - x) = 1 for every i up to n/2. */
export function isIrreducible(polynomial: bigint): boolean {
  const limit = Math.floor(degree(polynomial) / 2);
  if (degree(polynomial) < 1) return false;
  let power = remainder(2n, polynomial);
  for (let i = 1; i <= limit; i++) {
    power = remainder(square(power), polynomial);
    if (gcd(polynomial, power ^ 2n) !== 1n) return false;
  }
  return true;
}

export function degree(polynomial: bigint): number {
  return polynomial === 0n ? -1 : polynomial.toString(2).length - 1;
}

function remainder(dividend: bigint, divisor: bigint): bigint {
  const divisorDegree = degree(divisor);
  let rest = dividend;
  for (let at = degree(rest); at >= divisorDegree; at = degree(rest)) {
    rest ^= divisor << BigInt(at - divisorDegree);
  }
  return rest;
}

/** Squaring over GF(2) spreads the bits: no carries. */
function square(polynomial: bigint): bigint {
  return BigInt(`0b${polynomial.toString(2).split('').join('0')}`);
}

function gcd(a: bigint, b: bigint): bigint {
  let [high, low] = [a, b];
  while (low !== 0n) [high, low] = [low, remainder(high, low)];
  return high;
}
