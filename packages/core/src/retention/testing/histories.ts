import type { Arbitrary } from 'fast-check';
import fc from 'fast-check';
import type { RetentionRules } from '../words.ts';
import { keepRules, placeRules, startMs } from './random-state.ts';
import { topologies } from './topologies.ts';
import { World } from './world.ts';

const hourMs = 3_600_000;

/** One thing that happens. Numbers choose among what is there then. */
type Happening =
  | {
      readonly what: 'run';
      readonly job: 'a' | 'b';
      readonly works: readonly boolean[];
      readonly mark: number;
    }
  | { readonly what: 'foreign'; readonly at: number; readonly byOther: boolean; readonly mark: number }
  | { readonly what: 'administrator deletes'; readonly at: number; readonly which: number }
  | { readonly what: 'hold' | 'let go' | 'use'; readonly at: number; readonly which: number }
  | { readonly what: 'time passes'; readonly hours: number }
  | { readonly what: 'our clock jumps'; readonly hours: number }
  | { readonly what: 'clock of array jumps'; readonly at: number; readonly hours: number }
  | { readonly what: 'cut off' | 'all reachable' | 'removed and added'; readonly at: number }
  | { readonly what: 'rules'; readonly at: number; readonly rules: RetentionRules[string] };

export interface History {
  readonly topology: string;
  readonly rules: readonly RetentionRules[string][];
  readonly happenings: readonly Happening[];
}

const at = fc.nat({ max: 3 });
const which = fc.nat({ max: 15 });
const mark = fc.nat({ max: 3 });
const one = <T extends string>(...values: T[]) => fc.constantFrom(...values);

const happenings: Arbitrary<Happening> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      what: one('run'),
      job: one('a', 'a', 'a', 'b'),
      works: fc.array(fc.constantFrom(true, true, true, false), { minLength: 4, maxLength: 4 }),
      mark,
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: one('foreign'), at, byOther: fc.boolean(), mark }) },
  { weight: 2, arbitrary: fc.record({ what: one('administrator deletes'), at, which }) },
  { weight: 2, arbitrary: fc.record({ what: one('hold', 'let go', 'use'), at, which }) },
  { weight: 4, arbitrary: fc.record({ what: one('time passes'), hours: fc.integer({ min: 1, max: 96 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: one('our clock jumps'), hours: fc.constantFrom(-100, -5, 0, 0, 5, 20_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: one('clock of array jumps'), at, hours: fc.constantFrom(-30, 0, 0, 3, 90) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: one('cut off', 'all reachable', 'all reachable', 'removed and added'), at }),
  },
  { weight: 1, arbitrary: fc.record({ what: one('rules'), at, rules: placeRules }) },
);

/** Most jobs say what they keep; what they do not say comes with changed rules. */
const firstRules = fc.record({ keep: keepRules, lockDays: fc.constantFrom(0, 0, 0, 1, 5, 30) });

export const histories: Arbitrary<History> = fc.record({
  topology: fc.constantFrom(...Object.keys(topologies)),
  rules: fc.array(firstRules, { minLength: 4, maxLength: 4 }),
  happenings: fc.array(happenings, { minLength: 10, maxLength: 40, size: 'max' }),
});

/**
 * Lets it happen, with retention after each thing that happens. Throws `Forbidden` at the first step that a rule
 * does not allow, or where retention and model differ. Returns how many storage snapshots retention deleted.
 */
export function live({ topology, rules, happenings: all }: History): number {
  const setUps = topologies[topology];
  if (!setUps) throw new RangeError(topology);
  const byId = Object.fromEntries(setUps.map(({ id }, index) => [id, rules[index] ?? {}]));
  const world = new World(setUps, byId, startMs);
  for (const happening of all) {
    happen(world, happening);
    const foreign = foreignNames(world);
    world.retention();
    if (foreignNames(world) !== foreign) throw new Error('foreign storage snapshots were touched');
  }
  return world.deletions;
}

function foreignNames({ arrays }: World): string {
  const foreign = arrays.map(({ content }) => content.filter(({ maker }) => maker !== 'us'));
  return JSON.stringify(foreign);
}

function marks(number: number): { label?: string; schedule?: string } {
  return number === 0 ? { label: 'daily' } : number === 1 ? { schedule: 'hourly' } : {};
}

function happen(world: World, happening: Happening): void {
  const array = world.array('at' in happening ? happening.at : 0);
  const chosen = 'which' in happening ? array.content[happening.which % array.content.length] : undefined;
  switch (happening.what) {
    case 'run':
      world.run(happening.job, happening.works, marks(happening.mark));
      return;
    case 'foreign': {
      const maker = happening.byOther ? 'other-installation' : 'administrator';
      world.foreign(array, maker, marks(happening.mark).label);
      return;
    }
    case 'administrator deletes':
      if (chosen) array.deleteByAdministrator(chosen, world.nowMs);
      return;
    case 'hold':
      chosen?.holders.push('clone');
      return;
    case 'let go':
      if (chosen) chosen.holders = [];
      return;
    case 'use':
      if (!chosen || world.inUse.delete(chosen.name)) return;
      world.inUse.add(chosen.name);
      return;
    case 'time passes':
      world.nowMs += happening.hours * hourMs;
      return;
    case 'our clock jumps':
      world.oursAheadMs = happening.hours * hourMs;
      return;
    case 'clock of array jumps':
      array.clockAheadMs = happening.hours * hourMs;
      return;
    case 'cut off':
      array.reachable = false;
      return;
    case 'all reachable':
      for (const each of world.arrays) each.reachable = true;
      return;
    case 'removed and added':
      world.forget(array);
      return;
    case 'rules':
      world.rules = { ...world.rules, [array.setUp.id]: happening.rules };
  }
}
