import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, scopeText } from './job-scope.ts';

const job = (name: string, id = 'id-1') => ({ id, name });
const scope = (...jobs: string[]) => ({ jobs });

describe('a scope', () => {
  it.each([
    ['nightly', 'nightly', true],
    ['nightly', 'Nightly', false],
    ['nightly', 'night', false],
    ['tenant-a-web', 'tenant-a-*', true],
    ['tenant-a-', 'tenant-a-*', true],
    ['tenant-ab', 'tenant-a-*', false],
    ['a-b', '*-*', true],
    ['aa', 'a*a', true],
    ['a', 'a*a', false],
    ['abcbd', 'a*b*d', true],
    ['abcbde', 'a*b*d', false],
    ['any', '*', true],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
  ])('job %j with %j: %j', (name, pattern, isIn) => {
    expect(isWithin(job(name), [scope(pattern)])).toBe(isIn);
  });

  it('takes ids, and whole ones only', () => {
    expect(isWithin(job('x', 'id-1'), [scope('id-1')])).toBe(true);
    expect(isWithin(job('x', 'id-12'), [scope('id-1')])).toBe(false);
    expect(isWithin(job('x', 'id-1'), [scope('id-*')])).toBe(false);
  });

  it('of several all hold, of none everything is in, and an empty one holds nothing', () => {
    expect(isWithin(job('a-1'), [scope('a-*'), scope('*-1')])).toBe(true);
    expect(isWithin(job('a-2'), [scope('a-*'), scope('*-1')])).toBe(false);
    expect(isWithin(job('a-2'), [])).toBe(true);
    expect(isWithin(job('a-2'), [scope()])).toBe(false);
    expect(scopeText([scope('a-*', 'b'), scope('c')])).toBe('a-*, b; and of these: c');
  });

  it('fits exactly what a regular expression of the same meaning fits', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (name, pattern) => {
        const regular = new RegExp(`^${pattern.replaceAll('*', '[ab*]*')}$`);
        expect(isWithin(job(name), [scope(pattern)])).toBe(regular.test(name));
      }),
    );
  });
});
