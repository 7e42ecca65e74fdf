import { type LimitedPlace, type LimitName, limitDefaults } from '@leeward/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlaceRequest, whyNotYet } from './grant.ts';

const place = (id: string, limit: LimitName = 'vmwareSnapshotsPerDatastore'): LimitedPlace => {
  return { limit, id, name: id };
};
const request = (id: string, places: readonly LimitedPlace[], granted = false): PlaceRequest => ({
  ...{ id, runId: `run of ${id}`, granted },
  holds: Object.fromEntries(places.map((each, at) => [`vm${at}`, [each]])),
});
const limits = { ...limitDefaults, vmwareSnapshotsPerDatastore: 3 };
const three = [place('ds1'), place('ds1'), place('ds1')];

describe('room for VMware snapshots', () => {
  it('is given to a group as a whole, and says who has it', () => {
    const requests = [request('a', three.slice(1), true), request('b', three.slice(1))];
    expect(whyNotYet(requests, 'b', limits)).toEqual({ place: place('ds1'), runIds: ['run of a'] });
    expect(whyNotYet([request('a', three.slice(2), true), request('b', three.slice(1))], 'b', limits)).toBe(
      undefined,
    );
  });
  it('an earlier one that waits is not overtaken where both need the same', () => {
    const requests = [
      request('a', three.slice(1), true),
      request('big', three),
      request('small', three.slice(2)),
      request('elsewhere', [place('ds2')]),
    ];
    expect(whyNotYet(requests, 'big', limits)).toBeDefined();
    expect(whyNotYet(requests, 'small', limits)?.runIds).toEqual(['run of a', 'run of big']);
    expect(whyNotYet(requests, 'elsewhere', limits)).toBe(undefined);
  });
  it('a group larger than the limit, lowered meanwhile, goes alone', () => {
    const big = request('big', [...three, ...three]);
    expect(whyNotYet([big], 'big', limits)).toBe(undefined);
    expect(whyNotYet([request('a', three.slice(2), true), big], 'big', limits)).toBeDefined();
  });
  it('never exceeds a limit, and everybody comes to an end in the order of coming where they meet', () => {
    const some = fc.array(
      fc.record({
        id: fc.constantFrom('x', 'y'),
        limit: fc.constantFrom<LimitName[]>('vmwareSnapshotsPerDatastore', 'vmwareSnapshotsPerHost'),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(
        fc.array(some, { minLength: 1, maxLength: 12, size: 'max' }),
        fc.infiniteStream(fc.nat()),
        (all, chance) => {
          const tight = { ...limitDefaults, vmwareSnapshotsPerDatastore: 4, vmwareSnapshotsPerHost: 4 };
          let requests = all.map((places, at) =>
            request(
              String(at),
              places.map(({ id, limit }) => place(id, limit)),
            ),
          );
          let turns = 0;
          while (requests.length > 0) {
            expect(++turns).toBeLessThan(200);
            const before = requests;
            requests = requests.map((each, at) => {
              const seen = [...requests.slice(0, at), ...before.slice(at)];
              return whyNotYet(seen, each.id, tight) ? each : { ...each, granted: true };
            });
            for (const id of ['x', 'y'])
              for (const limit of ['vmwareSnapshotsPerDatastore', 'vmwareSnapshotsPerHost'] as const) {
                const held = requests
                  .filter(({ granted }) => granted)
                  .flatMap(({ holds }) => Object.values(holds).flat());
                expect(
                  held.filter((each) => each.id === id && each.limit === limit).length,
                ).toBeLessThanOrEqual(4);
              }
            const granted = requests.filter((each) => each.granted);
            // Nobody is there who could not go on.
            expect(granted.length).toBeGreaterThan(0);
            const ends = granted[(chance.next().value ?? 0) % granted.length];
            requests = requests.filter((each) => each !== ends);
          }
        },
      ),
    );
  });
});
