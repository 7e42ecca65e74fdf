import { LeewardError, type Plan, type QuiescePolicy, type VmPlan } from '@leeward/core';
import { ManualClock } from '@leeward/platform';
import { expect, test } from 'vitest';
import type { VcenterDoor } from '../systems/doors.ts';
import type { BackupDeps } from './backup-deps.ts';
import { takeVmwareSnapshot } from './vmware-snapshot-step.ts';

type Guest = 'quiesces' | 'without Tools' | 'refuses';

/** Takes the VMware snapshot of a VM with such a guest, and tells what was asked of vCenter and what was told. */
async function take(quiesce: QuiescePolicy, guest: Guest, removal: 'works' | 'fails' = 'works') {
  const calls: string[] = [];
  const told: string[] = [];
  const marks: string[] = [];
  const refusal = new LeewardError('L-VC-302', { object: 'vm', message: 'VSS' });
  const door = {
    requirePrivileges: async () => undefined,
    createVmwareSnapshot: async (_: string, { quiesce: wanted }: { quiesce: boolean }) => {
      calls.push(wanted ? 'create quiesced' : 'create');
      if (wanted && guest === 'refuses') throw refusal;
      return { moId: 's', quiesced: wanted && guest === 'quiesces' };
    },
    removeVmwareSnapshot: async () => {
      calls.push('remove');
      if (removal === 'fails') throw new LeewardError('L-VC-305', { object: 'vm', message: 'locked' });
      return { consolidationNeeded: false };
    },
    frozenDisks: async () => [],
  } as unknown as VcenterDoor;
  const deps = {
    clock: new ManualClock(),
    doors: { vcenter: async () => door },
    store: {
      installationId: 'i',
      ledger: {
        intend: async () => undefined,
        mark: async (_: string, state: string) => marks.push(state),
      },
      runVms: { put: async () => undefined, list: async () => [] },
      runLog: { event: async (_run: string, _vm: string, error: LeewardError) => told.push(error.code) },
    },
  } as unknown as BackupDeps;
  const plan = { job: { id: 'j', quiesce } } as unknown as Plan;
  const vm = { vm: { vcenterId: 'vc', moId: 'm' }, name: 'vm', disks: [] } as unknown as VmPlan;
  const { signal } = new AbortController();
  const end = await takeVmwareSnapshot(deps, 'run', plan, vm, signal).then(
    () => 'taken',
    (error: LeewardError) => error.code,
  );
  return { end, calls, told, marks };
}

test.each([
  ['off', 'refuses', 'taken', ['create'], []],
  ['fall-back', 'quiesces', 'taken', ['create quiesced'], []],
  ['fall-back', 'without Tools', 'taken', ['create quiesced'], ['L-RUN-115']],
  ['fall-back', 'refuses', 'taken', ['create quiesced', 'create'], ['L-RUN-118']],
  ['require', 'quiesces', 'taken', ['create quiesced'], []],
  ['require', 'without Tools', 'L-RUN-117', ['create quiesced', 'remove'], []],
  ['require', 'refuses', 'L-VC-302', ['create quiesced'], []],
] as const)('policy %s, a guest that %s: %s', async (policy, guest, end, calls, told) => {
  expect(await take(policy, guest)).toMatchObject({ end, calls, told });
});

test('a VMware snapshot that was not quiesced stays in the journal until it is removed', async () => {
  expect((await take('require', 'without Tools')).marks).toEqual(['present', 'released']);
  expect(await take('require', 'without Tools', 'fails')).toMatchObject({
    ...{ end: 'L-RUN-117', marks: ['present'] },
  });
});
