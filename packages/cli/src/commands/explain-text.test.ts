import { explainedVm, makePlan } from '@leeward/core';
import { cascadeInventory } from '@leeward/core/testing/cascade-world';
import {
  type TestWorld,
  testDisk,
  testInventory,
  testJob,
  testVm,
} from '@leeward/core/testing/planning-world';
import { describe, expect, it } from 'vitest';
import { explainText } from './explain-text.ts';

const inSync = {
  ...{ kind: 'sync' as const, policy: 'other' as const, policyName: 'metro' },
  health: { healthy: true, state: 'active' as const, reasons: [], detected: true },
  sync: {
    ...{ state: 'in-sync' as const, primarySide: 'site a', secondarySide: 'site b', decidedBy: 'its role' },
    automaticSwitchover: false,
  },
};

const textOf = (world: TestWorld) =>
  explainText(explainedVm(makePlan(testJob(), testInventory(world), 0), 'vm1'));

describe('explainText', () => {
  it('shows each path with its verdict, and each file with the relations of its volume', () => {
    expect(textOf({})).toBe(
      [
        '/dc/vm/vm1  from the secondary by proxy proxy-1  (1 disk, 1.00 GiB)',
        '├─ secondary: chosen',
        '├─ primary: not, L-PLN-121 The job does not allow failover to primary.',
        '├─ standard: not, L-PLN-140 The job does not allow failover to standard, the way through vCenter and the ESXi host.',
        '├─ configuration file: [ds1] vm1/vm1.vmx',
        '│  └─ on array-a:vol_ds1',
        '│     └─ over array-b:vol_ds1 (transfer, Vault): chosen',
        '└─ Hard disk 1: [ds1] vm1/vm1.vmdk',
        '   └─ on array-a:vol_ds1',
        '      └─ over array-b:vol_ds1 (transfer, Vault): chosen',
      ].join('\n'),
    );
  });

  it('says of a VM that cannot be backed up which disk is the cause, and which are left out', () => {
    const disks = [
      testDisk(),
      testDisk({ key: 2001, label: 'Hard disk 2', backing: 'rdm-physical' }),
      testDisk({ key: 2002, label: 'Hard disk 3', independent: true }),
    ];
    const text = textOf({ vms: [testVm({ disks })] });
    expect(text).toMatch(
      /^\/dc\/vm\/vm1 {2}cannot be backed up\n {2}L-PLN-132 .+\n {4}data {2}.+\n {4}next {2}/,
    );
    expect(text).toMatch(/^├─ Hard disk 2: .+ CANNOT BE READ\n│ {2}└─ L-PLN-132 /m);
    expect(text).toMatch(/^├─ Hard disk 3: .+ LEFT OUT\n│ {2}└─ L-PLN-120 /m);
    expect(text).toMatch(/^│ {5}└─ over array-b:vol_ds1 \(transfer, Vault\): possible, L-PLN-132 /m);
    expect(text).toMatch(/^└─ warning: L-PLN-120 /m);
  });

  it('says of a synchronous relation which side is the secondary', () => {
    const text = textOf({ relation: inSync });
    expect(text).toMatch(/^├─ primary: not, L-PLN-162 /m);
    expect(text).toContain(
      'over array-b:vol_ds1 (sync, metro), the secondary is site b, by its role: chosen',
    );
  });

  it('shows of a cascade every hop before it', () => {
    const hops = [{}, { policyName: 'Mirror' }];
    const job = testJob({ relation: 'array-c' });
    const text = explainText(explainedVm(makePlan(job, cascadeInventory(hops), 0), 'vm1'));
    expect(text).toContain(
      'over array-b:vol_ds1 (transfer, Vault) → array-c:vol_ds1 (transfer, Mirror): chosen',
    );
  });

  it('says of a volume that it has no relation', () => {
    expect(textOf({ relation: 'none' })).toContain('on array-a:vol_ds1, which has no relation that is known');
  });
});
