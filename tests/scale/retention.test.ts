import { retain } from '@leeward/core/retention/retain';
import { histories, live } from '@leeward/core/retention/testing/histories';
import { modelAnswer } from '@leeward/core/retention/testing/model';
import { randomCases } from '@leeward/core/retention/testing/random-state';
import { topologies } from '@leeward/core/retention/testing/topologies';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/**
 * The proof of retention. `npm test` tries some thousand histories; for the whole of it:
 *   LEEWARD_HISTORIES=100000 npx vitest run tests/scale/retention.test.ts
 * A failure prints the seed and the shortest history that it was found with.
 */
const numRuns = Number(process.env['LEEWARD_HISTORIES'] ?? 3_000);
const timeoutMs = 60_000 + numRuns * 60;

describe('retention over random histories', () => {
  it(
    `agrees with the model, shortens no lock, empties no chain and touches nothing foreign (${numRuns} histories)`,
    () => {
      const lived = new Map<string, number>();
      let deletions = 0;
      fc.assert(
        fc.property(histories, (history) => {
          deletions += live(history);
          lived.set(history.topology, (lived.get(history.topology) ?? 0) + 1);
        }),
        { numRuns },
      );
      // A proof over histories in which nothing is deleted would prove nothing.
      expect(deletions).toBeGreaterThan(numRuns);
      expect([...lived.keys()].sort()).toEqual(Object.keys(topologies).sort());
      console.log(`retention: ${numRuns} histories, ${deletions} deletions, none that a rule forbids`);
    },
    timeoutMs,
  );

  it(
    `agrees with the model about any state (${numRuns} states)`,
    () => {
      let decided = 0;
      fc.assert(
        fc.property(randomCases, ({ state, rules, nowMs }) => {
          const { remove, lock } = retain(state, rules, nowMs);
          decided += remove.length + lock.length;
          const seen = {
            removed: remove.map(({ placeId, link }) => `${placeId} ${link.name}`).sort(),
            locked: lock.map(({ placeId, name, untilMs }) => `${placeId} ${name} ${untilMs}`).sort(),
          };
          if (JSON.stringify(seen) !== JSON.stringify(modelAnswer(state, rules, nowMs)))
            expect(seen).toEqual(modelAnswer(state, rules, nowMs));
        }),
        { numRuns },
      );
      expect(decided).toBeGreaterThan(numRuns / 4);
    },
    timeoutMs,
  );
});
