import { describe, expect, it } from 'vitest';
import {
  type TestWorld,
  testDatastore,
  testDisk,
  testInventory,
  testJob,
  testVm,
} from '../testing/planning-world.ts';
import type { Datastore, VirtualMachine, VmDisk } from '../words/virtual-machine.ts';
import type { QuiescePolicy } from './job.ts';
import { makePlan } from './make-plan.ts';

function onlyVm(world: TestWorld, job = testJob()) {
  const [vm] = makePlan(job, testInventory(world), 0).vms;
  if (!vm) throw new Error('no VM in the plan');
  return vm;
}

function datastoreOf(kind: Datastore['kind'], changes: Partial<Datastore> = {}): Datastore {
  const { nfs: _, ...bare } = testDatastore({ kind, ...changes });
  return bare;
}

const deep = Array.from({ length: 33 }, (_, at) => `[ds1] vm1/vm1-${at}.vmdk`);

/** Every kind of VM, disk and datastore that is refused: its code, and whether the standard way is the regular one. */
const refused: readonly (readonly [string, TestWorld, string, 'standard' | 'none'])[] = [
  ['a template', vm({ isTemplate: true }), 'L-PLN-110', 'none'],
  ['encrypted', vm({ encrypted: true }), 'L-PLN-111', 'none'],
  ['with a virtual TPM', vm({ encrypted: true, vtpm: true }), 'L-PLN-130', 'none'],
  ['disconnected', vm({ connected: false, notConnected: 'disconnected' }), 'L-PLN-115', 'none'],
  ['orphaned', vm({ connected: false, notConnected: 'orphaned' }), 'L-PLN-146', 'none'],
  ['inaccessible', vm({ connected: false, notConnected: 'inaccessible' }), 'L-PLN-146', 'none'],
  ['invalid', vm({ connected: false, notConnected: 'invalid' }), 'L-PLN-146', 'none'],
  [
    'not readable with the rights given',
    vm({ connected: false, notConnected: 'unreadable' }),
    'L-PLN-150',
    'none',
  ],
  ['fault tolerant', vm({ faultTolerance: 'running' }), 'L-PLN-143', 'none'],
  ['with VMware snapshots disabled', vm({ snapshotsDisabled: true }), 'L-PLN-144', 'none'],
  [
    'being migrated',
    vm({ migration: { task: 'VirtualMachine.relocate', progress: 42 } }),
    'L-PLN-139',
    'none',
  ],
  ['a physical RDM', disk({ backing: 'rdm-physical' }), 'L-PLN-132', 'none'],
  ['a multi-writer disk', disk({ shared: 'multi-writer' }), 'L-PLN-133', 'none'],
  ['a disk on a shared bus', disk({ shared: 'bus' }), 'L-PLN-134', 'none'],
  ['an independent disk on a shared bus', disk({ shared: 'bus', independent: true }), 'L-PLN-134', 'none'],
  ['a disk over 62 TiB', disk({ sizeBytes: 62 * 2 ** 40 + 512 }), 'L-PLN-145', 'none'],
  ['a chain of more than 32 deltas', disk({ parents: deep }), 'L-PLN-113', 'none'],
  ['a disk of the hosted format', disk({ backing: 'hosted' }), 'L-PLN-114', 'none'],
  ['a disk in persistent memory', disk({ backing: 'pmem' }), 'L-PLN-114', 'none'],
  ['only disks that are left out', disk({ independent: true }), 'L-PLN-119', 'none'],
  ['on a vVol datastore', { datastores: [datastoreOf('vvol')] }, 'L-PLN-135', 'none'],
  ['on a vSAN datastore', { datastores: [datastoreOf('vsan')] }, 'L-PLN-136', 'none'],
  ['on a datastore of another kind', { datastores: [datastoreOf('other')] }, 'L-PLN-112', 'none'],
  [
    'on a datastore that nobody can access',
    { datastores: [datastoreOf('vmfs', { accessible: false })] },
    'L-PLN-137',
    'none',
  ],
  [
    'one disk of two outside known arrays',
    disk({}, testDisk({ key: 2001, fileName: '[ds9] a/a.vmdk' })),
    'L-PLN-103',
    'standard',
  ],
  [
    'a linked clone whose base is outside known arrays',
    disk({ parents: ['[ds9] base/base.vmdk'] }),
    'L-PLN-103',
    'standard',
  ],
];

function vm(changes: Partial<VirtualMachine>): TestWorld {
  return { vms: [testVm(changes)] };
}

function disk(changes: Partial<VmDisk>, ...others: VmDisk[]): TestWorld {
  return vm({ disks: [testDisk(changes), ...others] });
}

describe('VMs that cannot be read from storage snapshots', () => {
  it.each(refused.filter(([, , , regular]) => regular === 'none'))('%s', (_, world, code) => {
    const failover = { failoverToPrimary: true, failoverToStandard: true };
    for (const job of [testJob(), testJob(failover)]) {
      const seen = onlyVm(world, job);
      expect(seen.source).toBeUndefined();
      expect(seen.problem?.code).toBe(code);
      const [secondary, primary, standard] = seen.considered;
      expect([secondary?.reason?.code, primary?.reason?.code]).toEqual([code, code]);
      expect(standard).toMatchObject({
        verdict: 'not',
        reason: { code },
      });
    }
  });

  it.each(refused)('%s: whether the standard way is taken', (_, world, code, regular) => {
    // The regular way needs no switch, and is no downgrade (R13, R14).
    const job = testJob({ failOnDowngrade: true });
    const plan = makePlan(job, testInventory(world), 0);
    const [seen] = plan.vms;
    expect(seen?.source).toBe(regular === 'none' ? undefined : 'standard');
    expect(seen?.problem?.code).toBe(regular === 'none' ? code : undefined);
    expect([plan.groups, seen?.disks]).toEqual([[], []]);
    const disks = seen?.standardDisks?.length;
    expect(disks).toBe(regular === 'none' ? undefined : (world.vms?.[0]?.disks.length ?? 1));
  });

  it('says of every kind something of its own', () => {
    const kinds = refused.filter(([name]) => name !== 'an independent disk on a shared bus');
    const texts = kinds.map(([, world]) => onlyVm(world).considered[0]?.reason?.what);
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts) expect(text).not.toMatch(/[{}]|undefined/);
  });
});

describe('disks that are left out', () => {
  const left: readonly (readonly [string, Partial<VmDisk>, string])[] = [
    ['independent ones', { independent: true }, 'L-PLN-120'],
    ['raw devices in virtual mode', { backing: 'rdm-virtual' }, 'L-PLN-131'],
    ['independent raw devices in physical mode', { backing: 'rdm-physical', independent: true }, 'L-PLN-120'],
    ['independent multi-writer disks', { shared: 'multi-writer', independent: true }, 'L-PLN-120'],
  ];
  it.each(left)('%s, with a warning', (_, changes, code) => {
    const other = testDisk({ key: 2001, label: 'Hard disk 2', ...changes });
    const seen = onlyVm(disk({}, other));
    expect(seen.source).toBe('secondary');
    expect(seen.disks.map(({ key }) => key)).toEqual([2000]);
    expect(seen.skippedDisks.map(({ label, reason }) => [label, reason.code])).toEqual([
      ['Hard disk 2', code],
    ]);
    expect(seen.warnings.map((each) => [each.code, each.severity])).toEqual([[code, 'warning']]);
    const file = seen.consideredFiles.find(({ key }) => key === 2001);
    expect(file?.state).toBe('left-out');
    expect(file?.considered.map(({ verdict, reason }) => [verdict, reason?.code])).toEqual(
      Array(3).fill(['not', code]),
    );
  });
});

describe('what a quiesced job gets', () => {
  const noteOf = (changes: Partial<VirtualMachine>, quiesce: QuiescePolicy = 'fall-back') =>
    onlyVm(vm(changes), testJob({ quiesce })).warnings.map(({ code, severity }) => [code, severity]);
  it('of a VM that is off: what it left behind', () => {
    expect(noteOf({ poweredOn: false, tools: 'not-running' })).toEqual([['L-PLN-147', 'info']]);
  });
  it('of a guest without VMware Tools, or with ones that do not run: a crash-consistent point', () => {
    expect(noteOf({ tools: 'not-installed' })).toEqual([['L-PLN-148', 'warning']]);
    expect(noteOf({ tools: 'not-running' })).toEqual([['L-PLN-148', 'warning']]);
  });
  it('of such a guest, where the job insists on it: nothing', () => {
    expect(noteOf({ tools: 'not-running' }, 'require')).toEqual([['L-PLN-153', 'warning']]);
  });
  it('of a guest with running Tools, or one that vCenter says nothing of: no note', () => {
    expect(noteOf({ tools: 'running' })).toEqual([]);
    expect(noteOf({})).toEqual([]);
  });
  it('is no matter for a job that does not quiesce', () => {
    expect(noteOf({ poweredOn: false }, 'off')).toEqual([]);
  });
});

describe('kinds of datastores that can be read', () => {
  it('NFS 4.1, with a note that proxies read by NFS 3', () => {
    const seen = onlyVm({ datastores: [testDatastore({ kind: 'nfs41' })] });
    expect(seen.source).toBe('secondary');
    expect(seen.warnings.map(({ code }) => code)).toEqual(['L-PLN-149']);
  });
});
