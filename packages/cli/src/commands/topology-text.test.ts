import { LeewardError, reportOf } from '@leeward/core';
import { expect, it } from 'vitest';
import { topologyText } from './topology-text.ts';

const primary = { array: 'ontap-a', tenant: 'svm1', volume: 'ds1' };
const secondary = { array: 'ontap-b', tenant: 'svm9', volume: 'ds1_copy' };
const relation = {
  kind: 'transfer',
  policy: 'vault',
  policyName: 'XDPDefault',
  state: 'active',
  healthy: true,
  lagMs: 79_000,
};

it('shows one block per VM, by path, with every way to read it and why one cannot be used', () => {
  const problem = reportOf(new LeewardError('L-RUN-103', { message: 'x' }));
  const text = topologyText([
    { vm: 'web', vmPath: '/dc/vm/web', datastore: 'ds1', primary, relation, secondary, proxies: ['local'] },
    { vm: 'app', vmPath: '/dc/vm/app', datastore: 'local-vmfs', proxies: [] },
    {
      vm: 'web',
      vmPath: '/dc/vm/web',
      datastore: 'ds1',
      primary,
      relation: { ...relation, healthy: false, state: 'broken-off', lagMs: undefined as never },
      secondary: { ...secondary, array: 'ontap-c' },
      proxies: [],
      problem,
    },
  ]);
  expect(text.split('\n')).toEqual([
    '/dc/vm/app',
    '  [local-vmfs] on storage that no registered array has',
    '',
    '/dc/vm/web',
    '  [ds1] on ontap-a:svm1/ds1',
    '    ─ transfer, vault (XDPDefault), active, 1 m 19 s behind → ontap-b:svm9/ds1_copy',
    '        read by proxy local',
    '    ─ transfer, vault (XDPDefault), broken-off, NOT HEALTHY → ontap-c:svm9/ds1_copy',
    '        read by proxy (none online)',
    `        cannot be used: L-RUN-103 ${problem.what}`,
    `        next: ${problem.next}`,
  ]);
});

it('shows of a cascade how deep it is and by way of which volumes', () => {
  const path = { vm: 'web', vmPath: '/dc/vm/web', datastore: 'ds1', primary, secondary, proxies: ['local'] };
  const via = [{ array: 'ontap-m', tenant: 'svm5', volume: 'ds1_mid' }];
  expect(topologyText([{ ...path, relation, via }]).split('\n')[2]).toBe(
    '    ─ hop 2, by way of ontap-m:svm5/ds1_mid: transfer, vault (XDPDefault), active, 1 m 19 s behind → ontap-b:svm9/ds1_copy',
  );
});

it('shows of a synchronous relation its state and which side is the secondary', () => {
  const { lagMs: _, ...plain } = relation;
  const sync = {
    ...{ state: 'resyncing' as const, primarySide: 'site a', secondarySide: 'site b', decidedBy: 'its role' },
    automaticSwitchover: false,
  };
  const paired = { ...plain, kind: 'sync', policy: 'other', policyName: 'metro', state: 'other', sync };
  const path = { vm: 'web', vmPath: '/dc/vm/web', datastore: 'ds1', primary, secondary, proxies: ['local'] };
  expect(
    topologyText([{ ...path, relation: { ...paired, healthy: false } }])
      .split('\n')
      .slice(2),
  ).toEqual([
    '    ─ sync, metro, resyncing, NOT HEALTHY → ontap-b:svm9/ds1_copy',
    '        the secondary is site b, by its role',
    '        read by proxy local',
  ]);
});
