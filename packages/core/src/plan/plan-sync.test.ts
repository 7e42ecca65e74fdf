import { describe, expect, it } from 'vitest';
import {
  primarySerial,
  secondarySerial,
  type TestWorld,
  testInventory,
  testJob,
  testRelation,
  testVm,
} from '../testing/planning-world.ts';
import type { Relation, SyncFacts, Volume } from '../words/array-inventory.ts';
import type { Job } from './job.ts';
import { makePlan } from './make-plan.ts';
import type { PlanningInventory } from './planning-inventory.ts';

const facts: SyncFacts = {
  ...{ state: 'in-sync', primarySide: 'site a', secondarySide: 'site b', decidedBy: 'the roles' },
  automaticSwitchover: false,
};

const detected: Partial<Relation> = {
  ...{ kind: 'sync', policy: 'other', policyName: 'metro', sync: facts },
  health: { healthy: true, state: 'active', reasons: [], detected: true },
};

const lost: Partial<Relation> = {
  ...detected,
  sync: { ...facts, state: 'out-of-sync' },
  health: { healthy: false, state: 'other', reasons: ['the link is down'], detected: false },
};

function planned(world: TestWorld, job: Partial<Job> = {}, inventory = testInventory(world)) {
  const plan = makePlan(testJob(job), inventory, 0);
  const [vm] = plan.vms;
  if (!vm) throw new Error('no VM in the plan');
  const volumes = plan.groups.flatMap((group) => group.volumes);
  const relations = volumes.map(({ volumeName, relation }) => `${volumeName} ${relation?.kind ?? 'alone'}`);
  return { plan, vm, relations, code: vm.problem?.code, source: vm.source };
}

describe('a synchronous relation whose secondary is detected', () => {
  it('is the source: both sides are frozen, nothing is transferred, and all of it goes at the end', () => {
    const { plan, source, relations } = planned({ relation: detected });
    expect([source, relations]).toEqual(['secondary', ['vol_ds1 sync']]);
    expect(plan.groups[0]?.volumes[0]?.relation).toMatchObject({
      arrayName: 'array-b',
      sync: { primarySide: 'site a', secondarySide: 'site b', decidedBy: 'the roles' },
    });
    const onArrays = plan.effects.filter(({ system }) => system !== 'vc');
    expect(onArrays.map(({ system, action, what }) => `${action} on ${system}: ${what}`)).toEqual([
      'create on array-a: temporary storage snapshot on both sides of the synchronous relation: of volume vol_ds1 and, at the same instant, of volume vol_ds1 on array-b',
      'change on array-b: access of the proxy to the storage snapshot of volume vol_ds1, withdrawn when the VMs are read',
      'delete on array-a: that storage snapshot on both sides, when the VMs are read',
    ]);
  });

  it('keeps a coordinated chain where the job keeps one on the primary: the same number on both sides', () => {
    const { plan } = planned({ relation: detected }, { primaryKeep: 3 });
    const kept = plan.effects.filter(({ action }) => action === 'keep').map(({ what }) => what);
    expect(kept).toEqual([
      '3 coordinated storage snapshot(s) on both sides, volumes vol_ds1 and vol_ds1; older ones of this job go on both',
    ]);
    expect(plan.effects.some(({ action, system }) => action === 'delete' && system === 'array-a')).toBe(
      false,
    );
  });

  it.each<[Partial<Job>, string]>([
    [{}, 'L-PLN-162'],
    [{ failoverToPrimary: true }, 'L-PLN-162'],
    [{ finishOnPrimary: true }, 'L-PLN-122'],
    [{ finishOnPrimary: true, failOnDowngrade: true }, 'L-PLN-152'],
  ])('has the primary as a way out only where it may be finished there: %o', (job, code) => {
    const { vm } = planned({ relation: detected }, job);
    expect(vm.considered[1]?.reason?.code).toBe(code);
  });

  it('is not read through a transfer licence, and needs storage snapshots on the other side', () => {
    const missing = (capability: 'transfer' | 'storage-snapshot') => {
      const world = testInventory({ relation: detected });
      const arrays = world.arrays.map((array) =>
        array.id === secondarySerial && array.inventory
          ? { ...array, inventory: { ...array.inventory, missing: [{ capability, text: 'no licence' }] } }
          : array,
      );
      return planned({}, {}, { ...world, arrays }).code;
    };
    expect([missing('transfer'), missing('storage-snapshot')]).toEqual([undefined, 'L-PLN-107']);
  });

  it('is frozen on the primary alone where no VM is read on its secondary', () => {
    const proxies = [
      {
        ...{ id: 'p', name: 'p', online: true, addresses: ['10.0.0.9'], slots: 2 },
        reach: [
          {
            ...{ arraySerial: secondarySerial, address: '10.0.0.2', protocol: 'nfs' as const },
            ...{ reached: false, checkedAt: '', text: '' },
          },
        ],
      },
    ];
    const world = { relation: detected, inventory: { proxies } };
    const job = { failoverToPrimary: true };
    expect(planned(world, job)).toMatchObject({ source: 'primary', relations: ['vol_ds1 alone'] });
  });
});

describe('a synchronous relation whose secondary is not detected', () => {
  it.each<[Partial<Job>, object]>([
    [{}, { code: 'L-PLN-160', source: undefined }],
    [{ failoverToPrimary: true }, { source: 'primary', relations: ['vol_ds1 alone'] }],
    [
      { failoverToPrimary: true, primaryKeep: 3 },
      { source: 'primary', relations: ['vol_ds1 alone'] },
    ],
    [{ finishOnPrimary: true }, { code: 'L-PLN-160', source: undefined }],
    [{ failoverToStandard: true }, { source: 'standard' }],
    [{ failoverToPrimary: true, failOnDowngrade: true }, { code: 'L-SRC-103' }],
  ])('goes by the switches of the job: %o', (job, expected) => {
    expect(planned({ relation: lost }, job)).toMatchObject(expected);
  });

  it('says why, and that it is no question of a transfer that could be tried', () => {
    const { vm } = planned({ relation: lost });
    expect(vm.problem?.what).toContain('out-of-sync: the link is down');
    expect(vm.warnings).toEqual([]);
  });

  it('is not read on the primary where the family has no such failover (R3)', () => {
    const relation = { ...lost, sync: { ...facts, failsOver: false } };
    const { code, vm } = planned({ relation }, { failoverToPrimary: true });
    expect(code).toBe('L-PLN-161');
    expect(vm.considered.map(({ reason }) => reason?.code)).toEqual(['L-PLN-160', 'L-PLN-161', 'L-PLN-140']);
    expect(planned({ relation }, { failoverToPrimary: true, failoverToStandard: true }).source).toBe(
      'standard',
    );
  });
});

/** More volumes of the primary, each with a twin on the secondary, and the relations between them. */
function withVolumes(
  names: readonly string[],
  relate: (primary: Volume, secondary: Volume) => readonly Relation[],
  together: readonly string[] = [],
): PlanningInventory {
  const world = testInventory({
    vms: [testVm(), testVm({ name: 'vm2', vmxPath: '[ds1] vm2/vm2.vmx' })],
  });
  const [first, second] = world.arrays;
  const [source, target] = [first?.inventory?.volumes[0], second?.inventory?.volumes[0]];
  if (!first?.inventory || !second?.inventory || !source || !target) throw new Error('no arrays');
  const copy = (volume: Volume, name: string): Volume => {
    const { nfsPath: _, ...plain } = volume;
    const id = { ...volume.id, objectId: `${volume.id.arraySerial}-${name}` };
    const isPrimary = volume.id.arraySerial === primarySerial;
    const frozenWith = together.map((each) => `${primarySerial}-${each}`);
    return {
      ...plain,
      ...{ name, id },
      ...(isPrimary ? { nfsPath: `/${name.replace('vol_', '')}` } : {}),
      ...(isPrimary && together.includes(name) ? { frozenWith } : {}),
    };
  };
  const pairs = names.map((name) => [copy(source, name), copy(target, name)] as const);
  return {
    ...world,
    arrays: [
      { ...first, inventory: { ...first.inventory, volumes: pairs.map(([primary]) => primary) } },
      {
        ...second,
        inventory: {
          ...second.inventory,
          volumes: pairs.map(([, secondary]) => secondary),
          relations: pairs.flatMap(([primary, secondary]) => relate(primary, secondary)),
        },
      },
    ],
  };
}

describe('volumes with several relations, or frozen together', () => {
  it('of a synchronous relation in sync and a transfer the one that is not behind is taken', () => {
    const both = withVolumes(['vol_ds1'], (primary, secondary) => [
      testRelation(primary, secondary),
      testRelation(primary, secondary, { ...detected, id: { arraySerial: secondarySerial, objectId: 's' } }),
    ]);
    expect(planned({}, {}, both)).toMatchObject({ source: 'secondary', relations: ['vol_ds1 sync'] });
    const onlyTransfer = withVolumes(['vol_ds1'], (primary, secondary) => [
      testRelation(primary, secondary),
      testRelation(primary, secondary, { ...lost, id: { arraySerial: secondarySerial, objectId: 's' } }),
    ]);
    expect(planned({}, {}, onlyTransfer).relations).toEqual(['vol_ds1 transfer']);
  });

  it('what the array freezes with a coordinated volume is frozen on both sides too', () => {
    const names = ['vol_ds1', 'vol_ds2'];
    const relate = (primary: Volume, secondary: Volume) => [testRelation(primary, secondary, detected)];
    const inventory = withVolumes(names, relate, names);
    const all = ['vol_ds1 sync', 'vol_ds2 sync'];
    expect(planned({}, {}, inventory).relations).toEqual(all);
    // Also where the job names the relation of the one that is read.
    expect(planned({}, { relation: 'array-b/vol_ds1' }, inventory).relations).toEqual(all);
  });
});

describe('a device that both sides carry', () => {
  it('is the one that hosts write to, in whatever order the arrays are registered', () => {
    const lun = {
      ...{ id: 'l', path: 'lun1', sizeBytes: 1e9, serial: 's', scsiNames: ['naa.1'], online: true },
    };
    const world = testInventory({
      relation: detected,
      datastores: [
        {
          ...{ moId: 'datastore-1', name: 'ds1', kind: 'vmfs', accessible: true, datacenterPath: 'dc' },
          vmfs: { uuid: 'u', version: '6', extents: ['naa.1'] },
        },
      ] as unknown as NonNullable<TestWorld['datastores']>,
    });
    const arrays = world.arrays
      .map((array) => {
        if (!array.inventory) return array;
        const volumes = array.inventory.volumes.map((volume) => ({ ...volume, luns: [lun] }));
        const dataPorts = array.inventory.dataPorts.map((port) => ({
          ...port,
          protocols: ['iscsi' as const],
        }));
        return { ...array, inventory: { ...array.inventory, volumes, dataPorts } };
      })
      .toReversed();
    const { plan, source } = planned({}, {}, { ...world, arrays });
    expect(source).toBe('secondary');
    expect(
      plan.groups[0]?.volumes.map(({ arrayName, relation }) => [arrayName, relation?.arrayName]),
    ).toEqual([['array-a', 'array-b']]);
  });
});
