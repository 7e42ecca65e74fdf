import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrderedTurns } from './ordered-turns.ts';

test('works begin in order and keep the limit, whatever the order in which they become ready', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 12, size: 'max' }),
      fc.infiniteStream(fc.nat()),
      async (limit, needed, order) => {
        const turns = new OrderedTurns(limit);
        const begun: number[] = [];
        let running = 0;
        const ready = needed
          .map((need, place) => ({ need, place, rank: order.next().value }))
          .sort((a, b) => a.rank - b.rank);
        const all = ready.map(async ({ need, place }) => {
          if (need)
            await turns.take(place, async () => {
              begun.push(place);
              expect(++running).toBeLessThanOrEqual(limit);
              await Promise.resolve();
              running--;
            });
          turns.pass(place);
        });
        await Promise.all(all);
        expect(begun).toEqual(needed.flatMap((need, place) => (need ? [place] : [])));
      },
    ),
  );
});
