import { makePlan } from '@leeward/core';
import { cascadeInventory } from '@leeward/core/testing/cascade-world';
import { type TestWorld, testInventory, testJob } from '@leeward/core/testing/planning-world';
import { describe, expect, it } from 'vitest';
import { planText } from './plan-text.ts';

const inSync = {
  ...{ kind: 'sync' as const, policy: 'other' as const, policyName: 'metro' },
  health: { healthy: true, state: 'active' as const, reasons: [], detected: true },
  sync: {
    ...{ state: 'in-sync' as const, primarySide: 'site a', secondarySide: 'site b', decidedBy: 'its role' },
    automaticSwitchover: false,
  },
};

const textOf = (world: TestWorld, job = testJob()) =>
  planText(makePlan(job, testInventory(world), Date.UTC(2026, 10, 25)));

describe('planText', () => {
  it('says for each group its relation, for each VM its path and why no other, and what will be done', () => {
    const text = textOf({});
    expect(text).toMatch(/^nightly: 1 VM, 1 group, 1 relation, failover to primary: no$/m);
    expect(text).toMatch(/^group g1: \S+ → \S+ \(transfer, \S+\)$/m);
    expect(text).toContain('/dc/vm/vm1  from the secondary by proxy proxy-1  (1 disk, 1.00 GiB)');
    expect(text).toMatch(/^ {4}Hard disk 1: full: first backup of the disk$/m);
    expect(text).toMatch(/^ {4}not primary: L-PLN-121 /m);
    expect(text).toMatch(/^A run will$/m);
    expect(text).toMatch(/^ {2}create on .+: VMware snapshot of VM vm1/m);
  });

  it('says of a cascade every hop, and each transfer', () => {
    const inventory = cascadeInventory([{ policy: 'mirror' }, {}]);
    const text = planText(makePlan(testJob({ relation: 'array-c' }), inventory, 0));
    expect(text).toMatch(
      /^group g1: array-a:vol_ds1 → array-b:vol_ds1 \(transfer, mirror\) → array-c:vol_ds1 \(transfer, vault\)$/m,
    );
    expect(text).toMatch(/^ {2}create on array-b: transfer of it to volume vol_ds1 \(mirror relation\)$/m);
    expect(text).toMatch(/^ {2}create on array-c: transfer of what arrived there to volume vol_ds1/m);
  });

  it('says of a synchronous relation which side is the secondary, and that both are frozen', () => {
    const text = textOf({ relation: inSync }, testJob({ finishOnPrimary: true }));
    expect(text).toMatch(/, failover to primary: no, finish on primary: yes$/m);
    expect(text).toMatch(/^group g1: \S+ → \S+ \(sync, metro; the secondary is site b, by its role\)$/m);
    expect(text).toMatch(/^ {2}create on array-a: temporary storage snapshot on both sides /m);
    expect(text).not.toContain('transfer of it');
  });

  it('says of a snapshot-only job where VMs are kept, and that nothing is read', () => {
    const { repositoryId: _none, ...settings } = testJob({ snapshotOnly: true, secondaryKeep: 2 });
    const text = textOf({}, settings);
    expect(text).toMatch(/^nightly: 1 VM, 1 group, 1 relation, snapshot-only: nothing is read, /m);
    expect(text).toContain('/dc/vm/vm1  kept on the secondary  (1 disk, 1.00 GiB)');
    expect(text).toMatch(/^ {4}no VMware snapshot: it is alone on its volume/m);
    expect(text).toMatch(/^ {4}Hard disk 1: \[ds1\] vm1\/vm1.vmdk$/m);
    expect(text).not.toMatch(/proxy|full:/);
  });

  it('says how long a group waits for VMFS to settle, where it does', () => {
    const plan = makePlan(testJob(), testInventory(), Date.UTC(2026, 10, 25));
    const vmfs = { uuid: 'u', extents: [] };
    const vms = plan.vms.map((vm) => ({
      ...vm,
      disks: vm.disks.map((disk) => ({ ...disk, located: { ...disk.located, vmfs } })),
    }));
    const pause = 'between VMware and storage snapshots, for VMFS to settle';
    expect(planText({ ...plan, vms })).toContain(`\n  5.0 s ${pause}\n`);
    expect(planText({ ...plan, vms, job: testJob({ settlePauseMs: 0 }) })).not.toContain(pause);
    expect(planText(plan)).not.toContain(pause);
  });

  it('says of a VM that cannot be backed up code, meaning and next step', () => {
    const text = textOf({ relation: 'none' });
    expect(text).toContain('/dc/vm/vm1  cannot be backed up');
    expect(text).toMatch(/^ {4}L-PLN-104 .+\n {6}data {2}.+\n {6}next {2}.+/m);
    expect(text).toMatch(/^A run will do nothing$/m);
  });

  it('says of a path that no probe has tried that it is not yet proved', () => {
    const proxies = testInventory().proxies.map((proxy) => ({ ...proxy, reach: [] }));
    const text = textOf({ inventory: { proxies } });
    expect(text).toMatch(/^ {4}note: L-PLN-127 Not yet proved: .*"local" reaches array "array-b" by nfs\b/m);
    expect(textOf({})).not.toContain('Not yet proved');
  });

  it('says of a member that is not found that it cannot be backed up', () => {
    const text = textOf({}, testJob({ vms: ['vm1', 'nowhere'] }));
    expect(text).toMatch(/^nightly: 2 VMs, /m);
    expect(text).toMatch(/^ {2}nowhere {2}cannot be backed up\n {4}L-PLN-\d+ /m);
  });
});
