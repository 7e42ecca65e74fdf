import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRelations, type RankedRelation } from './rank-relations.ts';

const relation = (arrayName: string, changes: Partial<RankedRelation> = {}): RankedRelation => ({
  readiness: 'ready',
  active: true,
  healthy: true,
  lagMs: 60_000,
  hops: 1,
  arrayName,
  label: `${arrayName}/vol`,
  ...changes,
});
const first = (rule: Parameters<typeof compareRelations>[0], relations: readonly RankedRelation[]) =>
  relations.toSorted(compareRelations(rule)).map(({ arrayName }) => arrayName)[0];

describe('which of several relations is taken', () => {
  const late = relation('a', { lagMs: 90_000 });
  const sick = relation('b', { lagMs: 10_000, healthy: false });
  const untold = relation('c', { lagMs: undefined });

  it('healthiest: health goes before the lag', () => {
    expect(first({ relationRule: 'healthiest' }, [late, sick, untold])).toBe('a');
  });
  it('least-lag: the lag goes before health, and one that is not told is the longest', () => {
    expect(first({ relationRule: 'least-lag' }, [late, sick, untold])).toBe('b');
    expect(first({ relationRule: 'least-lag' }, [late, untold])).toBe('a');
  });
  it('preferred arrays go first, in their order, before any rule', () => {
    const rule = { relationRule: 'least-lag', preferredArrays: ['x', 'c', 'a'] } as const;
    expect(first(rule, [late, sick, untold])).toBe('c');
  });
  it('one that cannot be used now is not taken however preferred it is', () => {
    const rule = { relationRule: 'healthiest', preferredArrays: ['a'] } as const;
    expect(first(rule, [relation('a', { readiness: 'not-now' }), sick])).toBe('b');
    expect(
      first(rule, [relation('a', { readiness: 'never' }), relation('z', { readiness: 'not-now' })]),
    ).toBe('z');
  });
  it('between equals the shorter way is taken', () => {
    const rule = { relationRule: 'healthiest' } as const;
    expect(first(rule, [relation('a', { hops: 3 }), relation('c', { hops: 2 })])).toBe('c');
    expect(first(rule, [relation('a', { hops: 3, lagMs: 1 }), relation('c')])).toBe('a');
  });
  it('the choice does not depend on the order in which they are listed', () => {
    const any = fc.record({
      readiness: fc.constantFrom('ready', 'not-now', 'never'),
      active: fc.boolean(),
      healthy: fc.boolean(),
      lagMs: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      hops: fc.integer({ min: 1, max: 3 }),
      arrayName: fc.constantFrom('a', 'b', 'c'),
    });
    fc.assert(
      fc.property(
        fc.array(any, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('healthiest', 'least-lag'),
        fc.subarray(['a', 'b', 'c']),
        (given, relationRule, preferredArrays) => {
          const relations = given.map((each, at) => ({ ...each, label: `${each.arrayName}/${at}` }));
          const compare = compareRelations({ relationRule, preferredArrays });
          const sorted = relations.toSorted(compare);
          expect(relations.toReversed().toSorted(compare)).toEqual(sorted);
        },
      ),
    );
  });
});
