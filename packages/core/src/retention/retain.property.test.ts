import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfAll } from './reasons.ts';
import { retain } from './retain.ts';
import { modelAnswer } from './testing/model.ts';
import { type RandomCase, randomCases } from './testing/random-state.ts';
import { type ChainState, isOfChain, isOwn } from './words.ts';

const numRuns = 1_000;

function check(holds: (each: RandomCase) => void): void {
  fc.assert(fc.property(randomCases, holds), { numRuns });
}

describe('retention of any state', () => {
  it('is what the model says', () => {
    check(({ state, rules, nowMs }) => {
      const { remove, lock } = retain(state, rules, nowMs);
      expect({
        removed: remove.map(({ placeId, link }) => `${placeId} ${link.name}`).sort(),
        locked: lock.map(({ placeId, name, untilMs }) => `${placeId} ${name} ${untilMs}`).sort(),
      }).toEqual(modelAnswer(state, rules, nowMs));
    });
  });

  it('decides about each storage snapshot once, and never about a foreign one', () => {
    check(({ state, rules, nowMs }) => {
      const { keep, remove } = retain(state, rules, nowMs);
      const all = state.places.flatMap(({ id, links = [] }) => links.map(({ name }) => `${id} ${name}`));
      const decided = [...keep, ...remove].map(({ placeId, link }) => `${placeId} ${link.name}`);
      expect(decided.sort()).toEqual(all.sort());
      for (const { link } of remove) expect(isOwn(link)).toBe(true);
      for (const { why } of keep) expect(why.length).toBeGreaterThan(0);
    });
  });

  it('never deletes what is locked, held or in use, and never shortens a lock', () => {
    check(({ state, rules, nowMs }) => {
      const { remove, lock } = retain(state, rules, nowMs);
      for (const { link } of remove) {
        expect(link.lockedUntilMs ?? nowMs).toBeLessThanOrEqual(nowMs);
        expect([link.inUse, ...link.heldBy]).toEqual([false]);
      }
      for (const { placeId, name, untilMs } of lock) {
        const before = state.places
          .find(({ id }) => id === placeId)
          ?.links?.find((link) => link.name === name);
        expect(untilMs).toBeGreaterThan(before?.lockedUntilMs ?? 0);
        expect(Number.isFinite(untilMs)).toBe(true);
      }
    });
  });

  it('leaves a link in every chain that is wanted', () => {
    check(({ state, rules, nowMs }) => {
      const { keep } = retain(state, rules, nowMs);
      for (const { id, links = [] } of state.places) {
        if (rules[id]?.keep === 'none' || !links.some(isOfChain)) continue;
        expect(keep.some(({ placeId, link }) => placeId === id && isOfChain(link))).toBe(true);
      }
    });
  });

  it('is over at once: what it leaves stays, and no lock is ordered twice', () => {
    check(({ state, rules, nowMs }) => {
      const { remove, lock } = retain(state, rules, nowMs);
      const again = retain(after(state, remove, lock), rules, nowMs);
      expect(again.lock).toEqual([]);
      expect(again.remove).toEqual([]);
    });
  });

  it('says when a link goes: then it does, and not before', () => {
    check(({ state, rules, nowMs }) => {
      const noClocks: ChainState = { places: state.places.map(({ arrayNowMs: _, ...place }) => place) };
      for (const { placeId, link, why, goesAtMs } of retain(noClocks, rules, nowMs).keep) {
        expect(goesAtMs).toBe(endOfAll(why));
        if (goesAtMs === undefined) continue;
        const isGone = (atMs: number) =>
          retain(noClocks, rules, atMs).remove.some(
            (gone) => gone.placeId === placeId && gone.link.name === link.name,
          );
        expect([isGone(goesAtMs - 1), isGone(goesAtMs)]).toEqual([false, true]);
      }
    });
  });
});

function after(
  { places }: ChainState,
  removed: ReturnType<typeof retain>['remove'],
  locks: ReturnType<typeof retain>['lock'],
): ChainState {
  const isGone = (id: string, name: string) =>
    removed.some(({ placeId, link }) => placeId === id && link.name === name);
  const lockOf = (id: string, name: string) =>
    locks.find((order) => order.placeId === id && order.name === name)?.untilMs;
  return {
    places: places.map(({ links, ...place }) =>
      links
        ? {
            ...place,
            links: links
              .filter(({ name }) => !isGone(place.id, name))
              .map((link) => {
                const lockedUntilMs = lockOf(place.id, link.name) ?? link.lockedUntilMs;
                return lockedUntilMs === undefined ? link : { ...link, lockedUntilMs };
              }),
          }
        : place,
    ),
  };
}
