import { describe, expect, it } from 'vitest';
import { LeewardError, reportOf } from '../errors/leeward-error.ts';
import {
  secondarySerial,
  type TestWorld,
  testDisk,
  testInventory,
  testJob,
  testRelation,
  testVm,
} from '../testing/planning-world.ts';
import type { Relation } from '../words/array-inventory.ts';
import type { ConsideredPath } from './considered.ts';
import { explainedVm } from './explained-vm.ts';
import type { Job } from './job.ts';
import { makePlan } from './make-plan.ts';

const short = (paths: readonly ConsideredPath[] | undefined) =>
  paths?.map(({ path, verdict, reason }) => [path, verdict, ...(reason ? [reason.code] : [])].join(' '));

function considered(world: TestWorld, job: Partial<Job> = {}) {
  return short(makePlan(testJob(job), testInventory(world), 0).vms[0]?.considered);
}

const both = { failoverToPrimary: true, failoverToStandard: true };

describe('the paths of a VM', () => {
  it('that can be read on the secondary: what else could be done, and what the job forbids', () => {
    expect(considered({})).toEqual(['secondary chosen', 'primary not L-PLN-121', 'standard not L-PLN-140']);
    expect(considered({}, both)).toEqual([
      'secondary chosen',
      'primary possible L-PLN-122',
      'standard possible L-PLN-122',
    ]);
    expect(considered({}, { ...both, failOnDowngrade: true })).toEqual([
      'secondary chosen',
      'primary not L-PLN-152',
      'standard not L-PLN-152',
    ]);
  });

  it('with a relation that cannot be used', () => {
    const broken: TestWorld = { relation: { usable: false, unusable: 'synchronous' } };
    expect(considered(broken)).toEqual([
      'secondary not L-PLN-116',
      'primary not L-PLN-121',
      'standard not L-PLN-140',
    ]);
    expect(considered(broken, both)).toEqual([
      'secondary not L-PLN-116',
      'primary chosen',
      'standard possible L-PLN-122',
    ]);
    expect(considered(broken, { failoverToStandard: true })).toEqual([
      'secondary not L-PLN-116',
      'primary not L-PLN-121',
      'standard chosen',
    ]);
    expect(considered(broken, { ...both, failOnDowngrade: true })).toEqual([
      'secondary not L-PLN-116',
      'primary not L-SRC-103',
      'standard not L-SRC-103',
    ]);
  });

  it('on an array that cannot be read now: standard only, where it is allowed', () => {
    const problem = reportOf(new LeewardError('L-RUN-103', { message: 'no answer' }));
    expect(considered({ primary: { problem } }, both)).toEqual([
      'secondary not L-PLN-108',
      'primary not L-PLN-108',
      'standard chosen',
    ]);
  });
});

/** The volume is replicated a second time, to another volume of the secondary. */
function fanOut(changes: Partial<Relation> = {}, world: TestWorld = {}) {
  const inventory = testInventory(world);
  const arrays = inventory.arrays.map((array) => {
    const [relation] = array.inventory?.relations ?? [];
    const [source, target] = [inventory.arrays[0]?.inventory?.volumes[0], array.inventory?.volumes[0]];
    if (array.id !== secondarySerial || !array.inventory || !relation || !source || !target) return array;
    const volume = { ...target, name: 'vol_far', id: { ...target.id, objectId: 'far' } };
    const second = {
      ...testRelation(source, volume),
      id: { ...relation.id, objectId: 'second' },
      ...changes,
    };
    return {
      ...array,
      inventory: {
        ...array.inventory,
        volumes: [...array.inventory.volumes, volume],
        relations: [second, relation],
      },
    };
  });
  return { ...inventory, arrays };
}

describe('every relation of a volume', () => {
  const relationsOf = (job: Partial<Job>, inventory = fanOut()) =>
    makePlan(testJob(job), inventory, 0).vms[0]?.consideredFiles.map(({ label, volumes }) => [
      label,
      ...volumes.flatMap(({ relations }) =>
        relations.map(({ arrayName, volumeName, verdict, reason }) =>
          [`${arrayName}/${volumeName}`, verdict, ...(reason ? [reason.code] : [])].join(' '),
        ),
      ),
    ]);
  const of = (...relations: string[]) => [
    ['configuration file', ...relations],
    ['Hard disk 1', ...relations],
  ];

  it('of two that could be used, one is chosen and the other could have been', () => {
    expect(relationsOf({})).toEqual(of('array-b/vol_ds1 chosen', 'array-b/vol_far possible L-PLN-142'));
  });
  it('the job names one', () => {
    const job = { relation: 'array-b/vol_far' };
    expect(relationsOf(job)).toEqual(of('array-b/vol_far chosen', 'array-b/vol_ds1 not L-PLN-141'));
  });
  it('the job names one that is not there: none is chosen', () => {
    const job = { relation: 'array-z' };
    expect(relationsOf(job)).toEqual(of('array-b/vol_ds1 not L-PLN-141', 'array-b/vol_far not L-PLN-141'));
  });
  it('one that cannot be used says why, whether it would be needed or not', () => {
    const paused = fanOut({ health: { healthy: true, state: 'paused', reasons: [] } });
    expect(relationsOf({}, paused)).toEqual(of('array-b/vol_ds1 chosen', 'array-b/vol_far not L-PLN-105'));
  });
  it('of a VM that is read another way, one that could be used has the reason of the VM', () => {
    const vm = testVm({ isTemplate: true });
    expect(relationsOf({}, fanOut({}, { vms: [vm] }))).toEqual(
      of('array-b/vol_ds1 possible L-PLN-110', 'array-b/vol_far possible L-PLN-142'),
    );
  });
});

describe('one disk decides for the whole VM (R13)', () => {
  const disks = [testDisk(), testDisk({ key: 2001, label: 'Hard disk 2', fileName: '[local] vm1/b.vmdk' })];
  const [vm] = makePlan(testJob(), testInventory({ vms: [testVm({ disks })] }), 0).vms;

  it('the one that cannot be read is named, with its own reason', () => {
    expect(vm?.source).toBe('standard');
    expect(vm?.notTaken[0]?.reason).toMatchObject({ code: 'L-PLN-103', details: { disk: 'Hard disk 2' } });
    expect(vm?.consideredFiles.map(({ label, state, reason }) => [label, state, reason?.code])).toEqual([
      ['configuration file', 'read', undefined],
      ['Hard disk 1', 'read', undefined],
      ['Hard disk 2', 'unreadable', 'L-PLN-103'],
    ]);
  });
  it('the others are where they are, and go the same way', () => {
    const [, first] = vm?.consideredFiles ?? [];
    expect(first?.volumes.map(({ volumeName }) => volumeName)).toEqual(['vol_ds1']);
    expect(short(first?.considered)).toEqual([
      'secondary not L-PLN-103',
      'primary not L-PLN-103',
      'standard chosen',
    ]);
  });
});

describe('the standard way', () => {
  it('needs any proxy that is online, whatever arrays it reaches', () => {
    const vms = [testVm({ disks: [testDisk({ fileName: '[local] vm1/a.vmdk' })] })];
    const proxy = { id: 'p', name: 'p', online: true, addresses: [], slots: 2, reach: [] };
    const planned = (online: boolean) =>
      makePlan(testJob(), testInventory({ vms, inventory: { proxies: [{ ...proxy, online }] } }), 0).vms[0];
    expect(planned(true)).toMatchObject({ source: 'standard', proxyId: 'p' });
    expect(planned(false)?.source).toBeUndefined();
    expect(planned(false)?.problem?.code).toBe('L-PLN-154');
    expect(short(planned(false)?.considered)?.at(-1)).toBe('standard not L-PLN-154');
  });
});

describe('the VM that an explanation is asked for', () => {
  const vms = [
    testVm(),
    testVm({ name: 'vm2' }),
    testVm({ id: { vcenterId: 'vc-1', moId: 'twin' }, path: '/dc/vm/b/vm1' }),
  ];
  const members = ['/dc/vm/vm1', 'vm2', 'twin', 'nowhere'];
  const plan = makePlan(testJob({ vms: members }), testInventory({ vms }), 0);

  it('is found by path, id or name', () => {
    expect(explainedVm(plan, '/dc/vm/b/vm1').vm.moId).toBe('twin');
    expect(explainedVm(plan, 'moid-vm2').name).toBe('vm2');
    expect(explainedVm(plan, 'vm2').name).toBe('vm2');
  });
  it('is not guessed, and one that the job has not is said to be that', () => {
    const codeOf = (wanted: string) => {
      try {
        return explainedVm(plan, wanted);
      } catch (error) {
        return error instanceof LeewardError ? error.code : error;
      }
    };
    expect(codeOf('vm1')).toBe('L-PLN-102');
    expect(codeOf('nowhere')).toBe('L-PLN-101');
    expect(codeOf('vm3')).toBe('L-PLN-151');
  });
});
