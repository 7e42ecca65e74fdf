import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReachProof } from './planning-inventory.ts';
import { portReach, rankPorts } from './port-reach.ts';

const of = { arraySerial: 'S', protocol: 'iscsi' } as const;
const proof = (address: string, reached: boolean, more: Partial<ReachProof> = {}): ReachProof => ({
  ...{ ...of, address, reached, text: '', checkedAt: '2026-11-25T00:00:00Z' },
  ...more,
});

describe('the order in which ports are tried', () => {
  it('is reached, never tried, not reached; the array’s own within each', () => {
    const ports = ['dead', 'new', 'partner', 'owner', 'second'].map((address) => ({
      address,
      preference: address === 'partner' ? 1 : 0,
    }));
    const reach = [
      proof('dead', false),
      proof('partner', true),
      proof('owner', true, { proved: 'connected' }),
      proof('second', true, { proved: 'read' }),
    ];
    expect(rankPorts(ports, reach, of).map(({ address, rank }) => [address, rank])).toEqual([
      ['owner', 0],
      ['second', 0],
      ['partner', 1],
      ['new', 2],
      ['dead', 3],
    ]);
  });

  it('goes by proofs of this array and protocol only', () => {
    const others = [
      proof('a', false, { protocol: 'nfs' }),
      proof('a', false, { arraySerial: 'other' }),
      proof('b', false),
    ];
    const ranked = rankPorts([{ address: 'b' }, { address: 'a' }], others, of);
    expect(ranked.map(({ address }) => address)).toEqual(['a', 'b']);
    expect(portReach(others, { ...of, address: 'a' })).toBe('unproved');
  });

  it('loses no port, keeps the order of equals, and ranks without gaps', () => {
    const portOf = fc.record({
      preference: fc.option(fc.nat(2), { nil: undefined }),
      reached: fc.constantFrom(true, false, undefined),
    });
    fc.assert(
      fc.property(fc.array(portOf, { minLength: 1, maxLength: 8 }), (made) => {
        const ports = made.map((port, at) => ({ ...port, at, address: `10.0.0.${at}` }));
        const reach = ports.flatMap(({ address, reached }) =>
          reached === undefined ? [] : [proof(address, reached)],
        );
        const ranked = rankPorts(ports, reach, of);
        expect(ranked.map(({ at }) => at).sort((a, b) => a - b)).toEqual(ports.map(({ at }) => at));
        for (const [at, port] of ranked.entries()) {
          const next = ranked[at + 1];
          if (!next) continue;
          expect(next.rank - port.rank).toBeOneOf([0, 1]);
          const isEqual = next.reached === port.reached && (next.preference ?? 0) === (port.preference ?? 0);
          expect(next.rank === port.rank).toBe(isEqual);
          if (isEqual) expect(next.at).toBeGreaterThan(port.at);
        }
        expect(ranked[0]?.rank).toBe(0);
      }),
    );
  });
});
