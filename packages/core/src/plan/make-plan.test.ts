import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeewardError, reportOf } from '../errors/leeward-error.ts';
import {
  secondarySerial,
  type TestWorld,
  testDatastore,
  testDisk,
  testInventory,
  testJob,
  testVm,
} from '../testing/planning-world.ts';
import type { VirtualMachine } from '../words/virtual-machine.ts';
import { makePlan } from './make-plan.ts';
import type { PlanningProxy, ReachProof } from './planning-inventory.ts';

const nowMs = Date.UTC(2026, 10, 25);
const down = reportOf(new LeewardError('L-RUN-103', { message: 'connection refused' }));

function onlyVm(world: TestWorld, job = testJob()) {
  const [vm] = makePlan(job, testInventory(world), nowMs).vms;
  if (!vm) throw new Error('no VM in the plan');
  return vm;
}

describe('the path of a VM', () => {
  it('is the secondary when all is well, and says why the others are not taken', () => {
    const vm = onlyVm({});
    expect(vm.source).toBe('secondary');
    expect(vm.proxyId).toBe('proxy-1');
    expect(vm.notTaken.map(({ path, reason }) => [path, reason.code])).toEqual([
      ['primary', 'L-PLN-121'],
      ['standard', 'L-PLN-140'],
    ]);
  });

  const broken: [string, TestWorld, string][] = [
    ['no relation', { relation: 'none' }, 'L-PLN-104'],
    [
      'broken off',
      { relation: { health: { healthy: false, state: 'broken-off', reasons: [] } } },
      'L-PLN-105',
    ],
    ['paused', { relation: { health: { healthy: true, state: 'paused', reasons: [] } } }, 'L-PLN-105'],
    ['policy of no use', { relation: { usable: false, unusable: 'synchronous' } }, 'L-PLN-116'],
    ['synchronous, not detected', { relation: { kind: 'sync' } }, 'L-PLN-160'],
    ['secondary unreachable', { secondary: { problem: down } }, 'L-PLN-108'],
    ['no proxy online', { inventory: { proxies: [] } }, 'L-PLN-109'],
  ];
  it.each(broken)('%s: refused without failover', (_, world, code) => {
    const vm = onlyVm(world);
    expect(vm.source).toBeUndefined();
    expect(vm.problem?.code).toBe(code);
    expect(vm.notTaken.find(({ path }) => path === 'primary')?.reason.code).toBe('L-PLN-121');
  });
  it.each(broken.slice(0, -1))('%s: primary with failover', (_, world, code) => {
    const vm = onlyVm(world, testJob({ failoverToPrimary: true }));
    expect(vm.source).toBe('primary');
    expect(vm.notTaken.find(({ path }) => path === 'secondary')?.reason.code).toBe(code);
  });
  it('a downgrade that the job forbids is a failure', () => {
    const job = testJob({ failoverToPrimary: true, failOnDowngrade: true });
    expect(onlyVm({ relation: 'none' }, job).problem?.code).toBe('L-SRC-103');
  });
  it('still tries an unhealthy relation that is active, with a warning', () => {
    const relation = {
      health: { healthy: false, state: 'active' as const, reasons: ['last update failed'] },
    };
    const vm = onlyVm({ relation });
    expect(vm.source).toBe('secondary');
    expect(vm.warnings.map(({ code }) => code)).toContain('L-PLN-124');
  });
  it('lag over the bound of the job counts as unusable, without a bound it does not', () => {
    const relation = { health: { healthy: true, state: 'active' as const, reasons: [], lagMs: 7_200_000 } };
    expect(onlyVm({ relation }).source).toBe('secondary');
    expect(onlyVm({ relation }, testJob({ maxRelationLagMs: 3_600_000 })).problem?.code).toBe('L-PLN-106');
  });
  describe('goes by what probes proved', () => {
    const proof = (reached: boolean) => ({
      ...{ arraySerial: secondarySerial, address: '10.0.0.2', protocol: 'nfs' as const, reached },
      ...{ checkedAt: '2026-11-25T00:00:00Z', text: 'seen' },
    });
    const proxy = (id: string, reach: readonly ReachProof[], online = true) => ({
      ...{ id, name: id, online, addresses: ['10.0.0.9'], slots: 2, reach },
    });
    const planned = (...proxies: PlanningProxy[]) => onlyVm({ inventory: { proxies } });

    it('a port that a probe could not reach rules the proxy out', () => {
      expect(planned(proxy('p', [proof(false)])).problem?.code).toBe('L-PLN-109');
    });
    it('one that no probe has tried may be used, and the plan says that it is not yet proved', () => {
      const vm = planned(proxy('p', []));
      expect(vm).toMatchObject({ source: 'secondary', proxyId: 'p' });
      expect(vm.warnings.map(({ code, severity }) => [code, severity])).toEqual([['L-PLN-127', 'info']]);
      expect(vm.warnings[0]?.what).toMatch(/^Not yet proved: .*"p" .*"array-b" by nfs.* 10\.0\.0\.2\.$/);
    });
    it('one that was reached is used without a word', () => {
      expect(planned(proxy('p', [proof(true)])).warnings).toEqual([]);
    });
    it('a proxy with proofs goes before one without', () => {
      const vm = planned(proxy('bad', [proof(false)]), proxy('new', []), proxy('good', [proof(true)]));
      expect(vm).toMatchObject({ proxyId: 'good', warnings: [] });
      expect(planned(proxy('new', []), proxy('off', [proof(true)], false)).proxyId).toBe('new');
    });
    it('an untried port counts beside one that was not reached, and only it is named', () => {
      const world = testInventory({ inventory: { proxies: [proxy('p', [proof(false)])] } });
      const secondary = world.arrays.find(({ id }) => id === secondarySerial);
      if (!secondary?.inventory) throw new Error('no secondary');
      const { inventory } = secondary;
      const dataPorts = inventory.dataPorts.flatMap((port) => [port, { ...port, address: '10.0.1.2' }]);
      const vm = onlyVm({
        secondary: { inventory: { ...inventory, dataPorts } },
        inventory: { proxies: world.proxies },
      });
      expect(vm.warnings[0]?.details).toMatchObject({ ports: '10.0.1.2' });
    });
  });
});

describe('VMs that cannot be read from storage snapshots', () => {
  const cases: [string, Partial<VirtualMachine>, string][] = [
    ['template', { isTemplate: true }, 'L-PLN-110'],
    ['encrypted', { encrypted: true }, 'L-PLN-111'],
    ['disconnected', { connected: false }, 'L-PLN-115'],
    [
      'a chain that vSphere would not allow',
      { disks: [testDisk({ parents: Array.from({ length: 33 }, (_, at) => `[ds1] vm1/vm1-${at}.vmdk`) })] },
      'L-PLN-113',
    ],
    [
      'a parent on an unknown datastore',
      { disks: [testDisk({ parents: ['[other] base/base.vmdk'] })] },
      'L-PLN-103',
    ],
    ['nothing but independent disks', { disks: [testDisk({ independent: true })] }, 'L-PLN-119'],
    [
      'disk on an unknown datastore',
      { disks: [testDisk({ fileName: '[other] vm1/vm1.vmdk' })] },
      'L-PLN-103',
    ],
  ];
  it.each(cases)('%s', (_, changes, code) => {
    expect(onlyVm({ vms: [testVm(changes)] }).considered[0]?.reason?.code).toBe(code);
  });
  it('an export that no array serves', () => {
    const nfs = { hosts: ['10.9.9.9'], addresses: ['10.9.9.9'], path: '/ds1' };
    expect(onlyVm({ datastores: [testDatastore({ nfs })] }).notTaken[0]?.reason.code).toBe('L-PLN-103');
  });
  it('leaves independent disks out with a warning and takes the others', () => {
    const disks = [testDisk(), testDisk({ key: 2001, label: 'Hard disk 2', independent: true })];
    const vm = onlyVm({ vms: [testVm({ disks })] });
    expect(vm.source).toBe('secondary');
    expect(vm.disks.map(({ key }) => key)).toEqual([2000]);
    expect(vm.warnings.map(({ code }) => code)).toEqual(['L-PLN-120']);
  });
});

describe('members of a job', () => {
  const twins = [testVm(), testVm({ id: { vcenterId: 'vc-1', moId: 'twin' }, path: '/dc/vm/b/vm1' })];
  it('two VMs of one name: none is guessed', () => {
    const plan = makePlan(testJob(), testInventory({ vms: twins }), nowMs);
    expect(plan.vms).toEqual([]);
    expect(plan.unresolved[0]?.problem.code).toBe('L-PLN-102');
  });
  it('the inventory path tells them apart', () => {
    const plan = makePlan(testJob({ vms: ['/dc/vm/b/vm1'] }), testInventory({ vms: twins }), nowMs);
    expect(plan.vms.map(({ vm }) => vm.moId)).toEqual(['twin']);
  });
  it('an unknown VM is named', () => {
    const plan = makePlan(testJob({ vms: ['nobody'] }), testInventory(), nowMs);
    expect(plan.unresolved[0]?.problem.code).toBe('L-PLN-101');
  });
});

describe('full or incremental', () => {
  const point = {
    id: 'point-1',
    vmKey: 'vc-1/moid-vm1',
    repositoryId: 'repo-1',
    createdAt: '2026-11-24T00:00:00Z',
    disks: [{ key: 2000, sizeBytes: 1_073_741_824, changeId: '52/1', fileName: '[ds1] vm1/vm1.vmdk' }],
  };
  const first = (world: TestWorld) => onlyVm(world).disks[0];
  it('full without a point', () => expect(first({})?.fullBecause?.code).toBe('L-SRC-110'));
  it('incremental since the change id of the newest point', () => {
    const older = { ...point, id: 'point-0', createdAt: '2026-11-23T00:00:00Z' };
    const disk = first({ inventory: { points: [older, point] } });
    expect(disk?.since).toEqual({ pointId: 'point-1', changeId: '52/1', sizeBytes: 1_073_741_824 });
  });
  it('full when CBT is off, and CBT is to be switched on', () => {
    const world = { vms: [testVm({ cbtEnabled: false })], inventory: { points: [point] } };
    expect(first(world)?.fullBecause?.code).toBe('L-SRC-111');
    expect(onlyVm(world).enableCbt).toBe(true);
  });
  it('full when another disk stands behind the device', () => {
    const moved = { ...point, disks: [{ ...point.disks[0]!, fileName: '[ds1] vm1/old.vmdk' }] };
    expect(first({ inventory: { points: [moved] } })?.fullBecause?.code).toBe('L-SRC-113');
  });
});

describe('properties of every plan', () => {
  const names = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 25, size: 'max' });
  const worlds = fc.record({
    names,
    limit: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
    odd: fc.array(fc.constantFrom<Partial<VirtualMachine>>({}, { isTemplate: true }, { connected: false })),
    failover: fc.boolean(),
    relation: fc.constantFrom<TestWorld['relation']>(undefined, 'none', { usable: false }),
  });
  it('every VM has either a source or a problem, planned ones are in exactly one group', () => {
    fc.assert(
      fc.property(worlds, ({ names: numbers, limit, odd, failover, relation }) => {
        const vms = numbers.map((number, at) => testVm({ name: `vm${number}`, ...odd[at] }));
        const job = testJob({
          vms: vms.map(({ name }) => name),
          failoverToPrimary: failover,
          ...(limit === undefined ? {} : { vmsPerStorageSnapshot: limit }),
        });
        const world = testInventory(relation === undefined ? { vms } : { vms, relation });
        const plan = makePlan(job, world, nowMs);
        expect(plan).toEqual(makePlan(job, world, nowMs));
        expect(plan.vms.length).toBe(vms.length);
        for (const vm of plan.vms) {
          expect((vm.source === undefined) !== (vm.problem === undefined)).toBe(true);
          const groups = plan.groups.filter(({ vmKeys }) => vmKeys.includes(`vc-1/${vm.vm.moId}`));
          expect(groups.length).toBe(vm.source === undefined ? 0 : 1);
          if (vm.source === 'primary') expect(failover).toBe(true);
          expect(vm.considered.map(({ path }) => path)).toEqual(['secondary', 'primary', 'standard']);
          const chosen = vm.considered.filter(({ verdict }) => verdict === 'chosen');
          expect(chosen.map(({ path }) => path)).toEqual(vm.source === undefined ? [] : [vm.source]);
          for (const { verdict, reason } of vm.considered)
            expect(reason === undefined).toBe(verdict === 'chosen');
          expect(vm.notTaken.map(({ path }) => path)).toEqual(
            vm.considered.filter((each) => each.verdict !== 'chosen').map(({ path }) => path),
          );
          for (const file of vm.consideredFiles)
            for (const [at, own] of file.considered.entries())
              if (own.verdict !== 'not') expect(own).toEqual(vm.considered[at]);
        }
        for (const { vmKeys } of plan.groups)
          expect(vmKeys.length).toBeLessThanOrEqual(limit ?? Number.POSITIVE_INFINITY);
      }),
      { numRuns: 300 },
    );
  });
});
