import { describe, expect, it } from 'vitest';
import { testInventory, testJob, testVm } from '../testing/planning-world.ts';
import { limitDefaults } from './limits.ts';
import { makePlan } from './make-plan.ts';

const names = (count: number) => Array.from({ length: count }, (_, at) => `vm${at + 1}`);

/** All VMs on one volume of one host. */
function planOf(count: number, job: object, inventory: object = {}) {
  const vms = names(count).map((name) => testVm({ name, host: { moId: 'host-1', name: 'esx1' } }));
  const world = testInventory({ vms });
  return makePlan(testJob({ vms: names(count), ...job }), { ...world, ...inventory }, 0);
}

function groupsOf(plan: ReturnType<typeof planOf>) {
  return plan.groups.map(({ vmKeys, cutBecause }) => [vmKeys.length, cutBecause?.code]);
}

const times = (count: number, each: object) =>
  Object.fromEntries(names(count).map((name) => [`vc-1/moid-${name}`, each]));
const slow = { createMs: 5_000, changedAreasMs: 0, storageSnapshotMs: 1_000, removeMs: 1_000 };

describe('what ends a group', () => {
  it('nothing: all VMs of a volume share a storage snapshot', () => {
    expect(groupsOf(planOf(15, {}))).toEqual([[15, undefined]]);
  });
  it('the number of VMs for each storage snapshot (R12)', () => {
    const plan = planOf(15, { vmsPerStorageSnapshot: 10 });
    expect(groupsOf(plan)).toEqual([
      [10, 'L-PLN-180'],
      [5, undefined],
    ]);
    expect(plan.groups[0]?.cutBecause?.what).toContain('"vm11"');
  });
  it('the limit on VMware snapshots of a datastore, which a group needs all at once', () => {
    const limits = { ...limitDefaults, vmwareSnapshotsPerDatastore: 6 };
    const plan = planOf(15, {}, { limits });
    expect(groupsOf(plan)).toEqual([
      [6, 'L-PLN-182'],
      [6, 'L-PLN-182'],
      [3, undefined],
    ]);
    expect(plan.groups[0]?.cutBecause?.what).toContain('datastore "ds1" (at most 6');
  });
  it('the limit of a host', () => {
    const limits = { ...limitDefaults, vmwareSnapshotsPerHost: 8 };
    expect(groupsOf(planOf(15, {}, { limits }))).toEqual([
      [8, 'L-PLN-182'],
      [7, undefined],
    ]);
  });
  it('the budget for the lifetime, by what was measured', () => {
    // Four at a time: the first of eight exists 5 + 1 + 1 s, that of twelve 10 + 1 + 1 s.
    const plan = planOf(15, { vmwareSnapshotBudgetMs: 8_000 }, { snapshotTimes: times(15, slow) });
    expect(groupsOf(plan)).toEqual([
      [8, 'L-PLN-181'],
      [7, undefined],
    ]);
    expect(plan.groups.map(({ lifetimeMs }) => lifetimeMs)).toEqual([7_000, 7_000]);
    expect(plan.groups[0]?.cutBecause?.what).toContain('about 12 s');
  });
  it('a VM that exceeds the budget alone is backed up alone, with a warning', () => {
    const plan = planOf(2, { vmwareSnapshotBudgetMs: 1_500 }, { snapshotTimes: times(2, slow) });
    expect(groupsOf(plan)).toEqual([
      [1, 'L-PLN-181'],
      [1, undefined],
    ]);
    for (const vm of plan.vms) expect(vm.warnings.map(({ code }) => code)).toContain('L-PLN-183');
  });
  it('says of each VM what its VMware snapshot takes one place of', () => {
    const [vm] = planOf(1, {}).vms;
    expect(vm?.places?.map(({ limit, id }) => [limit, id])).toEqual([
      ['vmwareSnapshotsPerDatastore', 'vc-1/datastore-1'],
      ['vmwareSnapshotsPerHost', 'vc-1/host-1'],
      ['vmwareSnapshotsPerVcenter', 'vc-1'],
    ]);
  });
});
