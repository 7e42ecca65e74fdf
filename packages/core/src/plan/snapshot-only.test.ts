import { describe, expect, it } from 'vitest';
import { type TestWorld, testDatastore, testDisk, testInventory, testVm } from '../testing/planning-world.ts';
import type { Relation, SyncFacts } from '../words/array-inventory.ts';
import { type Job, jobDefaults } from './job.ts';
import { makePlan } from './make-plan.ts';

/** No proxy is there, since none is needed. */
function planned(job: Partial<Job>, world: TestWorld = {}) {
  const plan = makePlan(
    { ...jobDefaults, id: 'j', name: 'keep', vms: ['vm1'], snapshotOnly: true, secondaryKeep: 0, ...job },
    testInventory({ ...world, inventory: { proxies: [], ...world.inventory } }),
    0,
  );
  const [vm] = plan.vms;
  if (!vm) throw new Error('no VM in the plan');
  const volumes = plan.groups.flatMap((group) => group.volumes);
  return {
    ...{ plan, vm, source: vm.source, code: vm.problem?.code },
    relations: volumes.map(({ volumeName, relation }) => `${volumeName} ${relation?.kind ?? 'alone'}`),
    whys: vm.considered.map(({ path, verdict, reason }) => `${path} ${verdict} ${reason?.code ?? ''}`.trim()),
    onArrays: plan.effects
      .filter(({ system }) => system !== 'vc')
      .map(({ system, action, what }) => `${action} on ${system}: ${what}`),
  };
}

describe('a snapshot-only job over a transfer relation', () => {
  it('that keeps a chain on the secondary transfers and reads nothing', () => {
    const { plan, vm, source, relations, whys, onArrays } = planned({ secondaryKeep: 3 });
    expect([source, relations]).toEqual(['secondary', ['vol_ds1 transfer']]);
    expect(whys).toEqual(['secondary chosen', 'primary not L-PLN-203', 'standard not L-PLN-200']);
    expect([vm.proxyId, vm.enableCbt]).toEqual([undefined, false]);
    expect(vm.disks[0]).not.toHaveProperty('fullBecause');
    expect(plan.groups[0]?.volumes[0]).toMatchObject({ protocols: [], lunPaths: [] });
    expect(onArrays).toEqual([
      'create on array-a: temporary storage snapshot of volume vol_ds1',
      'create on array-b: transfer of it to volume vol_ds1 (vault relation)',
      'keep on array-b: 3 transferred storage snapshot(s) of volume vol_ds1; older ones of this job go',
      'keep on array-a: the base of the next transfer of volume vol_ds1; older ones of this job go',
    ]);
  });

  it('that keeps one on the primary only leaves the relation alone', () => {
    const { source, relations, whys, onArrays } = planned({ primaryKeep: 2, primaryLockDays: 4 });
    expect([source, relations]).toEqual(['primary', ['vol_ds1 alone']]);
    expect(whys).toEqual(['secondary not L-PLN-202', 'primary chosen', 'standard not L-PLN-200']);
    expect(onArrays).toEqual([
      'create on array-a: long-term storage snapshot of volume vol_ds1',
      'keep on array-a: 2 long-term storage snapshot(s) of volume vol_ds1; older ones of this job go',
      expect.stringMatching(/^keep on array-a: L-PLN-170/),
    ]);
  });

  it('keeps both where both are asked for', () => {
    const { relations, onArrays } = planned({ primaryKeepDays: 2, secondaryKeepDays: 9 });
    expect(relations).toEqual(['vol_ds1 transfer']);
    expect(onArrays.filter((what) => what.startsWith('keep'))).toEqual([
      'keep on array-b: 1 transferred storage snapshot(s) and those of the last 9 day(s) of volume vol_ds1; older ones of this job go',
      'keep on array-a: 1 long-term storage snapshot(s) and those of the last 2 day(s) of its own chain of volume vol_ds1; older ones of this job go',
    ]);
  });
});

describe('a snapshot-only job whose secondary cannot be had', () => {
  const both = { primaryKeep: 1, secondaryKeep: 1 };

  it.each<[Partial<Job>, string | undefined, string]>([
    [both, undefined, 'primary not L-PLN-204'],
    [{ ...both, failoverToPrimary: true }, 'primary', 'primary chosen'],
    [{ secondaryKeep: 1, failoverToPrimary: true }, undefined, 'primary not L-PLN-203'],
    [{ ...both, failoverToPrimary: true, failOnDowngrade: true }, undefined, 'primary not L-SRC-103'],
  ])(
    'stays on the primary alone only where a chain is there and the job allows it: %o',
    (job, source, why) => {
      const seen = planned(job, { relation: 'none' });
      expect([seen.source, seen.whys[0], seen.whys[1]]).toEqual([source, 'secondary not L-PLN-104', why]);
      if (!source) expect(seen.code).toBe(job.failOnDowngrade ? 'L-SRC-103' : 'L-PLN-104');
    },
  );

  it('does without where it asks for none', () => {
    expect(planned({ primaryKeep: 1 }, { relation: 'none' }).source).toBe('primary');
  });

  it('tries an unhealthy relation all the same where the primary alone would do', () => {
    const relation = {
      health: { healthy: false, state: 'paused' as const, reasons: ['paused'] },
      usable: false,
    };
    const seen = planned({ ...both, failoverToPrimary: true }, { relation });
    expect([seen.source, seen.relations]).toEqual(['primary', ['vol_ds1 transfer']]);
  });
});

describe('a snapshot-only job over a synchronous relation', () => {
  const sync: SyncFacts = {
    ...{ state: 'in-sync', primarySide: 'site a', secondarySide: 'site b', decidedBy: 'the roles' },
    automaticSwitchover: false,
  };
  const detected: Partial<Relation> = {
    ...{ kind: 'sync', policy: 'other', policyName: 'metro', sync },
    health: { healthy: true, state: 'active', reasons: [], detected: true },
  };
  const lost: Partial<Relation> = {
    ...detected,
    health: { healthy: false, state: 'other', reasons: ['the link is down'], detected: false },
  };

  it.each<[Partial<Job>, number]>([
    [{ primaryKeep: 2 }, 2],
    [{ secondaryKeep: 4 }, 4],
    [{ primaryKeep: 3, secondaryKeep: 9 }, 3],
  ])('uses it whatever side is asked for, the same number on both (R11): %o', (job, count) => {
    const { source, relations, onArrays } = planned(job, { relation: detected });
    expect([source, relations]).toEqual(['secondary', ['vol_ds1 sync']]);
    expect(onArrays).toEqual([
      'create on array-a: long-term storage snapshot on both sides of the synchronous relation: of volume vol_ds1 and, at the same instant, of volume vol_ds1 on array-b',
      `keep on array-a: ${count} coordinated storage snapshot(s) on both sides, volumes vol_ds1 and vol_ds1; older ones of this job go on both`,
    ]);
  });

  it('goes on alone on the primary where that is all that was asked for, and says what is missing', () => {
    const { source, relations, vm } = planned({ primaryKeep: 2 }, { relation: lost });
    expect([source, relations]).toEqual(['primary', ['vol_ds1 alone']]);
    expect(vm.warnings.map(({ code }) => code)).toContain('L-PLN-205');
  });

  it('needs the failover where the secondary was asked for', () => {
    expect(planned({ primaryKeep: 2, secondaryKeep: 2 }, { relation: lost }).source).toBeUndefined();
    const job = { primaryKeep: 2, secondaryKeep: 2, failoverToPrimary: true };
    const { source, relations } = planned(job, { relation: lost });
    expect([source, relations]).toEqual(['primary', ['vol_ds1 alone']]);
  });
});

describe('VMs of a snapshot-only job', () => {
  it('on storage without storage snapshots fail with the reason: there is no standard way', () => {
    const datastores = [testDatastore({ kind: 'vvol' })];
    const { code, whys, vm } = planned({ primaryKeep: 1 }, { datastores });
    expect(code).toBe('L-PLN-201');
    expect(vm.problem?.what).toMatch(/vm1.*vVol/i);
    expect(whys[2]).toBe('standard not L-PLN-200');
    expect(whys.filter((why) => why.includes('chosen'))).toEqual([]);
  });

  const ds2 = testDatastore({
    ...{ moId: 'datastore-2', name: 'ds2' },
    nfs: { hosts: ['10.0.0.1'], addresses: ['10.0.0.1'], path: '/ds2' },
  });
  const onDs2 = (name: string) =>
    testVm({
      ...{ name, vmxPath: `[ds2] ${name}/${name}.vmx` },
      disks: [testDisk({ fileName: `[ds2] ${name}/${name}.vmdk`, datastoreMoId: 'datastore-2' })],
    });
  /** `vm1` alone on `vol_ds1`, the others on `vol_ds2`. */
  const world = (): TestWorld => {
    const inventory = testInventory();
    const [primary] = inventory.arrays;
    const [volume] = primary?.inventory?.volumes ?? [];
    if (!primary?.inventory || !volume) throw new Error('no volume');
    const second = { ...volume, id: { ...volume.id, objectId: 'second' }, name: 'vol_ds2', nfsPath: '/ds2' };
    return {
      datastores: [testDatastore(), ds2],
      vms: [testVm(), onDs2('vm2'), onDs2('vm3')],
      primary: { inventory: { ...primary.inventory, volumes: [volume, second] } },
    };
  };
  const all = { vms: ['vm1', 'vm2', 'vm3'], primaryKeep: 1 };

  it('alone on their volume get no VMware snapshot, and come one after another after the others (R11)', () => {
    const { plan } = planned(all, world());
    expect(plan.groups.map(({ id, lane, vmKeys }) => [id, lane, vmKeys.length])).toEqual([
      ['g1', 'l2', 2],
      ['g2', 'after-others', 1],
    ]);
    expect(plan.vms.map(({ name, freezeOnly, groupId }) => [name, freezeOnly, groupId])).toEqual([
      ['vm1', true, 'g2'],
      ['vm2', undefined, 'g1'],
      ['vm3', undefined, 'g1'],
    ]);
    expect(plan.vms[0]?.places).toEqual([]);
    expect(plan.groups[1]).not.toHaveProperty('lifetimeMs');
    const snapshots = plan.effects.filter(({ what }) => what.startsWith('VMware snapshot'));
    expect(snapshots.map(({ what }) => what.split(',')[0])).toEqual([
      'VMware snapshot of VM vm2',
      'VMware snapshot of VM vm3',
    ]);
  });

  it('are frozen by VMware snapshots all the same where guests are quiesced, or several volumes hold them', () => {
    const quiesced = planned({ ...all, quiesce: 'fall-back' }, world()).plan;
    expect(quiesced.vms.some(({ freezeOnly }) => freezeOnly)).toBe(false);
    const spread = testVm({ disks: [testDisk(), testDisk({ ...onDs2('vm1').disks[0], key: 2001 })] });
    const { plan } = planned({ primaryKeep: 1 }, { ...world(), vms: [spread] });
    expect([plan.groups[0]?.volumes.length, plan.vms[0]?.freezeOnly]).toEqual([2, undefined]);
  });

  it('are divided by a limit, and parts of one volume are not taken to be alone on it', () => {
    const { plan } = planned({ ...all, vmsPerStorageSnapshot: 1 }, world());
    expect(plan.groups.map(({ lane, vmKeys }) => `${lane} ${vmKeys.length}`)).toEqual([
      'l2 1',
      'l2 1',
      'after-others 1',
    ]);
    expect(plan.vms.filter(({ freezeOnly }) => freezeOnly).map(({ name }) => name)).toEqual(['vm1']);
  });
});
