import type { Arbitrary } from 'fast-check';
import fc from 'fast-check';
import type { LockAbility } from '../../words/array-inventory.ts';
import {
  type ArrayRule,
  type ChainState,
  dayMs,
  type Feed,
  type KeepRule,
  type Link,
  type Place,
  type PlaceRules,
  type RetentionRules,
} from '../words.ts';

/** Any state at all, also such as no history leads to: half pairs, names that are here and not there, odd times. */
export interface RandomCase {
  readonly state: ChainState;
  readonly rules: RetentionRules;
  readonly nowMs: number;
}

export const startMs = Date.UTC(2026, 0, 1);
const hourMs = 3_600_000;
const ids = ['p', 'q', 'r', 's'];

const feeds: Arbitrary<Exclude<Feed, { kind: 'sync' }>> = fc.record({
  kind: fc.constant('transfer'),
  from: fc.constant(''),
  policy: fc.constantFrom('mirror', 'mirror', 'vault', 'mirror-vault', 'snapshot-replication'),
  keepsAuxiliary: fc.boolean(),
});

export const keepRules: Arbitrary<KeepRule> = fc.oneof(
  fc.record({ count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ days: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ count: fc.integer({ min: 1, max: 4 }), days: fc.integer({ min: 1, max: 6 }) }),
);

export const placeRules: Arbitrary<PlaceRules> = fc.record(
  {
    keep: fc.oneof(
      { weight: 6, arbitrary: keepRules },
      { weight: 1, arbitrary: fc.constant('none' as const) },
    ),
    lockDays: fc.constantFrom(0, 1, 3, 30),
  },
  { requiredKeys: [] },
);

export const lockAbilities: Arbitrary<LockAbility> = fc.oneof(
  fc.constant({ possible: true } as const),
  fc.record({ possible: fc.constant(true as const), maxMs: fc.constantFrom(dayMs, 14 * dayMs) }),
  fc.constant({ possible: false, why: 'no licence' } as const),
);

export const arrayRules: Arbitrary<readonly ArrayRule[]> = fc.constantFrom<readonly ArrayRule[]>(
  [],
  [],
  [{ by: 'label', name: 'daily', keep: 3 }],
  [{ by: 'schedule', name: 'hourly', keep: 2 }],
);

const times = fc.integer({ min: -10 * 24, max: 24 }).map((hours) => startMs + hours * hourMs);
const fewPlaces = fc.subarray(ids, { maxLength: 2 });

const seen = {
  frozenAtMs: times,
  heldBy: fc.constantFrom<readonly string[]>([], [], [], [], ['clone']),
};
const seenSometimes = {
  lockedUntilMs: fc.oneof(times, fc.constant(Number.POSITIVE_INFINITY)),
  label: fc.constantFrom('daily', 'weekly'),
  schedule: fc.constantFrom('hourly', 'nightly'),
};

const ownLinks = fc.record(
  {
    ...seen,
    ...seenSometimes,
    owner: fc.constantFrom('this-job', 'this-job', 'this-job', 'other-job'),
    role: fc.constantFrom('long-term', 'long-term', 'auxiliary', 'temporary'),
    inUse: fc.constantFrom(false, false, false, true),
    lostOn: fc.constantFrom<readonly string[]>([], [], [], [], ['vol 2']),
    arrivedAt: fewPlaces,
    onWayTo: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fewPlaces }),
  },
  { requiredKeys: ['frozenAtMs', 'heldBy', 'owner', 'role', 'inUse', 'lostOn', 'arrivedAt', 'onWayTo'] },
);

const foreignLinks = fc.record(
  { ...seen, ...seenSometimes, owner: fc.constantFrom('by-hand', 'other-installation', 'foreign') },
  { requiredKeys: ['frozenAtMs', 'heldBy', 'owner'] },
);

/** Names say in which order they were made; the same ones are on several places. */
const links = fc
  .uniqueArray(
    fc.tuple(
      fc.integer({ min: 1, max: 12 }),
      fc.oneof({ weight: 6, arbitrary: ownLinks }, { weight: 1, arbitrary: foreignLinks }),
    ),
    { maxLength: 9, selector: ([number]) => number },
  )
  .map((made): readonly Link[] =>
    made
      .toSorted(([a], [b]) => a - b)
      .map(([number, link]): Link => ({ ...link, name: `s${number}` }) as Link),
  );

const places: Arbitrary<readonly Place[]> = fc
  .array(
    fc.record({
      links: fc.option(links, { nil: undefined, freq: 7 }),
      arrayNowMs: fc.option(times, { nil: undefined }),
      feed: feeds,
      isSync: fc.constantFrom(false, false, true),
      parent: fc.nat({ max: 3 }),
      arrayRules,
      refusesDelete: fc.constantFrom(false, false, false, false, true),
      locks: lockAbilities,
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((made) =>
    made.map(({ links: listed, arrayNowMs, feed, isSync, parent, ...rest }, at): Place => {
      // Synchronous relations begin at the primary only.
      const from = ids[isSync ? 0 : parent % at] ?? '';
      const itsFeed: Feed = isSync ? { kind: 'sync', from } : { ...feed, from };
      return {
        ...rest,
        id: ids[at] ?? '',
        name: `array ${at}`,
        ...(listed ? { links: listed } : {}),
        ...(arrayNowMs === undefined ? {} : { arrayNowMs }),
        ...(at > 0 ? { feed: itsFeed } : {}),
      };
    }),
  );

export const randomCases: Arbitrary<RandomCase> = fc
  .record({
    places,
    rules: fc.array(placeRules, { minLength: 4, maxLength: 4 }),
    nowMs: times,
  })
  .map(({ places: all, rules, nowMs }) => ({
    state: { places: all },
    rules: Object.fromEntries(ids.map((id, at) => [id, rules[at] ?? {}])),
    nowMs,
  }));
