import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadPortals } from './spread-portals.ts';

describe('portals spread over readers', () => {
  it('within a rank, and never a worse one before a better one', () => {
    const owner = [
      { host: 'a', rank: 0 },
      { host: 'b', rank: 0 },
    ];
    const portals = [...owner, { host: 'c', rank: 1 }, { host: 'd', rank: 2 }];
    const orders = [0, 1, 2].map((reader) =>
      spreadPortals(portals, reader)
        .map(({ host }) => host)
        .join(''),
    );
    expect(orders).toEqual(['abcd', 'bacd', 'abcd']);
  });

  it('as many readers as portals of the best rank begin at each of them once; none is lost', () => {
    const portalsOf = fc.array(fc.option(fc.nat(3), { nil: undefined }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(portalsOf, fc.nat(100), (ranks, from) => {
        const portals = ranks.map((rank, at) => ({ at, ...(rank === undefined ? {} : { rank }) }));
        const best = Math.min(...ranks.map((rank) => rank ?? 0));
        const bestOnes = portals.filter(({ rank = 0 }) => rank === best);
        const orders = bestOnes.map((_, reader) => spreadPortals(portals, from + reader));
        expect(new Set(orders.map(([first]) => first?.at))).toEqual(new Set(bestOnes.map(({ at }) => at)));
        for (const order of orders) {
          expect(order.toSorted((a, b) => a.at - b.at)).toEqual(portals);
          const inOrder = order.map(({ rank = 0 }) => rank);
          expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});
