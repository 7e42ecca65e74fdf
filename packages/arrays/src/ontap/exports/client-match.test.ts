import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientMatches } from './client-match.ts';

const resolve = async (name: string) => {
  if (name === 'proxy1.example.org') return ['192.0.2.50', '2001:db8::50'];
  throw new Error('no such host');
};

describe('client match of an export rule', () => {
  it.each([
    ['192.0.2.50', '192.0.2.50', 'yes'],
    ['192.0.2.5', '192.0.2.50', 'no'],
    ['192.0.2.0/24', '192.0.2.50', 'yes'],
    ['192.0.2.0/255.255.255.0', '192.0.2.50', 'yes'],
    ['192.0.2.0/255.0.255.0', '192.0.2.50', 'unknown'],
    ['192.0.3.0/24', '192.0.2.50', 'no'],
    ['0.0.0.0/0', '203.0.113.9', 'yes'],
    ['0.0.0.0/0', '2001:db8::1', 'no'],
    ['::/0', '2001:db8::1', 'yes'],
    ['2001:db8:0:0::50', '2001:db8::50', 'yes'],
    ['2001:db8::/32', '2001:db8:1::1', 'yes'],
    ['@backup-hosts', '192.0.2.50', 'unknown'],
    ['.example.org', '192.0.2.50', 'unknown'],
    ['proxy1.example.org', '192.0.2.50', 'yes'],
    ['proxy1.example.org', '192.0.2.51', 'no'],
    ['gone.example.org', '192.0.2.50', 'unknown'],
    ['192.0.2.0/33', '192.0.2.50', 'unknown'],
    ['192.0.2.0/', '192.0.2.50', 'unknown'],
  ])('%s and %s: %s', async (match, address, verdict) => {
    expect(await clientMatches(match, address, resolve)).toBe(verdict);
  });

  it('does not know host names without a resolver', async () => {
    expect(await clientMatches('proxy1.example.org', '192.0.2.50')).toBe('unknown');
  });

  it('agrees with arithmetic on IPv4 subnets', async () => {
    const address = fc.nat(0xffffffff);
    await fc.assert(
      fc.asyncProperty(address, address, fc.integer({ min: 0, max: 32 }), async (network, host, prefix) => {
        const shift = 2 ** (32 - prefix);
        const expected = Math.floor(network / shift) === Math.floor(host / shift) ? 'yes' : 'no';
        expect(await clientMatches(`${dotted(network)}/${prefix}`, dotted(host))).toBe(expected);
      }),
    );
  });
});

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
