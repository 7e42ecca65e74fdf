import { describe, expect, it } from 'vitest';
import { LeewardError, reportOf } from '../errors/leeward-error.ts';
import { cascadeInventory, type TestHop } from '../testing/cascade-world.ts';
import { testJob } from '../testing/planning-world.ts';
import type { Job } from './job.ts';
import { makePlan } from './make-plan.ts';
import { planHops } from './plan.ts';
import type { PlanningInventory } from './planning-inventory.ts';

const down = reportOf(new LeewardError('L-RUN-103', { message: 'connection refused' }));
const lag = (lagMs: number, healthy = true): TestHop => ({
  health: { healthy, state: 'active', reasons: [], lagMs },
});
const paused: TestHop = { health: { healthy: true, state: 'paused', reasons: [], lagMs: 1 } };

function planned(inventory: PlanningInventory, job: Partial<Job> = {}) {
  const plan = makePlan(testJob(job), inventory, 0);
  const [vm] = plan.vms;
  const [volume] = plan.groups[0]?.volumes ?? [];
  const hops = volume?.relation ? planHops(volume.relation).map(({ arrayName }) => arrayName) : [];
  return { plan, vm, hops, problem: vm?.problem?.code, source: vm?.source };
}

const three = [lag(60_000), lag(60_000), lag(60_000)];

describe('a cascade', () => {
  it('is not gone down unless the job says so: the relation of the volume itself is nearer', () => {
    for (const relationRule of ['healthiest', 'least-lag'] as const)
      expect(planned(cascadeInventory(three), { relationRule }).hops).toEqual(['array-b']);
    expect(planned(cascadeInventory([lag(600_000, false), lag(1)])).hops).toEqual(['array-b']);
  });

  it.each([
    ['array-b', ['array-b']],
    ['array-c', ['array-b', 'array-c']],
    ['array-c/vol_ds1', ['array-b', 'array-c']],
    ['array-d', ['array-b', 'array-c', 'array-d']],
  ])('a job that names %s is read there, over every hop before', (relation, hops) => {
    const { source, hops: seen, plan } = planned(cascadeInventory(three), { relation });
    expect([source, seen]).toEqual(['secondary', hops]);
    const transfers = plan.effects.filter(({ what }) => what.startsWith('transfer of'));
    expect(transfers.map(({ system }) => system)).toEqual(hops);
  });

  it('competes with other relations of the volume by rule: the worst of its hops counts', () => {
    const inventory = cascadeInventory([lag(10_000), lag(20_000)], [lag(90_000)]);
    expect(planned(inventory, { preferredArrays: ['array-c'] }).hops).toEqual(['array-b', 'array-c']);
    // Nearer and as good.
    expect(planned(inventory, { relationRule: 'least-lag' }).hops).toEqual(['array-b']);
    const late = cascadeInventory([lag(10_000), lag(95_000)], [lag(90_000)]);
    const order = considered(planned(late, { relationRule: 'least-lag' }));
    expect(order.map(([array]) => array)).toEqual(['array-b', 'array-x', 'array-c']);
  });

  it('with a hop that cannot be used is never preferred to one that can', () => {
    const inventory = cascadeInventory([lag(1), paused], [lag(90_000)]);
    expect(planned(inventory, { preferredArrays: ['array-c', 'array-x'] }).hops).toEqual(['array-x']);
  });

  const broken: [string, readonly TestHop[], string][] = [
    ['a paused first hop', [paused, lag(1)], 'L-PLN-105'],
    ['a paused later hop', [lag(1), paused], 'L-PLN-105'],
    ['a policy of no use on the way', [{ usable: false, unusable: 'no' }, lag(1)], 'L-PLN-116'],
    ['an array on the way that does not answer', [{ ...lag(1), problem: down }, lag(1)], 'L-PLN-108'],
    ['a synchronous first hop', [{ ...lag(1), kind: 'sync', policy: 'other' }, lag(1)], 'L-PLN-190'],
    ['a hop that sends only its own', [lag(1), { ...lag(1), firstHopOnly: 'nothing is' }], 'L-PLN-190'],
  ];
  it.each(broken)('%s: refused, with the reason of that hop', (_, hops, code) => {
    const { problem, vm } = planned(cascadeInventory(hops), { relation: 'array-c' });
    expect([problem, vm?.source]).toEqual([code, undefined]);
  });
  it('is tried all the same where the job may read the primary, if it can be tried at all (R1)', () => {
    const job = { relation: 'array-c', failoverToPrimary: true };
    expect(planned(cascadeInventory([lag(1), paused]), job)).toMatchObject({
      source: 'primary',
      hops: ['array-b', 'array-c'],
    });
    const bound = { ...lag(1), firstHopOnly: 'nothing is sent on' };
    expect(planned(cascadeInventory([lag(1), bound]), job)).toMatchObject({ source: 'primary', hops: [] });
  });
  it('is bounded by the lag that the job allows, hop by hop', () => {
    const job = { relation: 'array-c', maxRelationLagMs: 60_000 };
    expect(planned(cascadeInventory([lag(1), lag(60_001)]), job).problem).toBe('L-PLN-106');
    expect(planned(cascadeInventory([lag(1), lag(60_000)]), job).source).toBe('secondary');
  });
  it('has three hops at most; the fourth is shown, with the reason', () => {
    const inventory = cascadeInventory([lag(1), lag(1), lag(1), lag(1)]);
    expect(planned(inventory, { relation: 'array-e' }).problem).toBe('L-PLN-190');
    expect(planned(inventory, { relation: 'array-d' }).hops.length).toBe(3);
  });
  it('that leads back to where it came from ends there', () => {
    const inventory = cascadeInventory([lag(1), lag(1)]);
    const [a, b] = inventory.arrays;
    const volumeOf = (at: number) => inventory.arrays[at]?.inventory?.volumes[0];
    const [first, second] = [volumeOf(0), volumeOf(1)];
    const [relation] = b?.inventory?.relations ?? [];
    if (!a?.inventory || !first || !second || !relation) throw new Error('no arrays');
    const back = {
      ...relation,
      source: { ...relation.destination },
      destination: { ...relation.source, volume: first.id },
    };
    const arrays = inventory.arrays.map((array) =>
      array === a && array.inventory ? { ...a, inventory: { ...array.inventory, relations: [back] } } : array,
    );
    const seen = planned({ ...inventory, arrays }, { relation: 'array-c' });
    expect(seen.hops).toEqual(['array-b', 'array-c']);
    expect(considered(seen).length).toBe(2);
  });

  it('job plan --explain shows every way with its hops', () => {
    const seen = considered(planned(cascadeInventory(three, [lag(120_000)]), { relation: 'array-d' }));
    expect(seen).toEqual([
      ['array-d', 'chosen', undefined, ['array-b', 'array-c']],
      ['array-b', 'not', 'L-PLN-141', undefined],
      ['array-c', 'not', 'L-PLN-141', ['array-b']],
      ['array-x', 'not', 'L-PLN-141', undefined],
    ]);
  });
  it('an array in the middle that lacks the transfer closes the way', () => {
    const inventory = cascadeInventory([lag(1), lag(1)]);
    const arrays = inventory.arrays.map((array) =>
      array.name === 'array-b' && array.inventory
        ? { ...array, inventory: { ...array.inventory, missing: [noTransfer] } }
        : array,
    );
    expect(planned({ ...inventory, arrays }, { relation: 'array-c' }).problem).toBe('L-PLN-107');
  });

  it.each([
    [
      ['mirror', 'mirror'],
      ['7 transferred storage snapshot(s), and the bases', 'what', 'what'],
    ],
    [
      ['mirror', 'vault'],
      ['the bases of the next transfers', 'what', '7 transferred'],
    ],
    [
      ['vault', 'mirror'],
      ['the bases', '7 transferred storage snapshot(s), and the bases', 'what'],
    ],
    [
      ['vault', 'vault'],
      ['the bases', 'the bases', '7 transferred storage snapshot(s) of volume'],
    ],
  ] as const)('over %j the plan says what stays where', (policies, kept) => {
    const inventory = cascadeInventory(policies.map((policy) => ({ ...lag(1), policy })));
    const { plan } = planned(inventory, { relation: 'array-c' });
    const keeps = plan.effects.filter(({ action }) => action === 'keep');
    expect(keeps.map(({ system }) => system)).toEqual(['array-a', 'array-b', 'array-c']);
    for (const [at, text] of kept.entries()) expect(keeps[at]?.what.startsWith(text), `${at}`).toBe(true);
  });
});

const noTransfer = { capability: 'transfer', text: 'there is no licence' } as const;

function considered({ vm }: ReturnType<typeof planned>) {
  const disk = vm?.consideredFiles.find(({ key }) => key !== undefined);
  const relations = disk?.volumes.flatMap((volume) => volume.relations) ?? [];
  return relations.map(({ arrayName, verdict, reason, via }) => [
    ...[arrayName, verdict, reason?.code],
    via?.map((hop) => hop.arrayName),
  ]);
}
