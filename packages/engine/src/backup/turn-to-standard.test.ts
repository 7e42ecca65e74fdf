import { LeewardError, type Plan, reportOf, type VmPlan, vmKey } from '@leeward/core';
import { describe, expect, it } from 'vitest';
import type { FlowContext } from '../flow/flow.ts';
import type { BackupDeps } from './backup-deps.ts';
import type { GroupState } from './group-state.ts';
import { turnedVms, turnToStandard, withStandard } from './turn-to-standard.ts';

const problem = reportOf(new LeewardError('L-ARR-103', { volume: 'vol1', host: 'a' }));
const id = { vcenterId: 'vc', moId: 'vm-1' };
const key = vmKey(id);

function vmPlan(standard: 'possible' | 'not'): VmPlan {
  const located = {
    volume: { arraySerial: 's', objectId: 'o' },
    datastore: 'ds',
    folder: '',
    path: 'a.vmdk',
  };
  const host = { id: 'vc/host-1', name: 'esxi1' };
  return {
    ...{ vm: id, name: 'db-01', path: '/dc/vm/db-01', vcenterName: 'vc', source: 'secondary', groupId: 'g1' },
    disks: [
      {
        ...{ key: 2000, label: 'Hard disk 1', node: 'scsi0:0', sizeBytes: 1, fileName: '[ds] a.vmdk' },
        ...{ located: { ...located, hostFolders: [] }, parents: [] },
        since: { pointId: 'p', changeId: 'c', sizeBytes: 1 },
      },
    ],
    considered: [
      { path: 'secondary', verdict: 'chosen' },
      { path: 'standard', verdict: standard, reason: reportOf(new LeewardError('L-PLN-140')) },
    ],
    places: [
      { limit: 'vmwareSnapshotsPerHost', ...host },
      { limit: 'vmwareSnapshotsPerVcenter', id: 'vc', name: 'vc' },
    ],
    ...{ skippedDisks: [], notTaken: [], consideredFiles: [], warnings: [], enableCbt: false },
  };
}

interface Circumstances {
  readonly standard: 'possible' | 'not';
  readonly job?: { readonly failoverToStandard?: boolean; readonly failOnDowngrade?: boolean };
  /** What the journal says of the VMware snapshot when the group is cleaned up. */
  readonly vmwareSnapshot?: 'released' | 'present';
}

/** What becomes of a VM of which no storage snapshot could be made. */
async function turn({ standard, job, vmwareSnapshot = 'released' }: Circumstances) {
  const done: string[] = [];
  const store = {
    ledger: { get: async () => ({ state: vmwareSnapshot }) },
    changeLists: { removeVm: async (_: string, vm: string) => void done.push(`no changes of ${vm}`) },
    runVms: {
      put: async (row: { state: string }, _: object, why?: { code: string }) =>
        void done.push([row.state, ...(why ? [why.code] : [])].join(' ')),
    },
    runLog: {
      setAside: async (_: string, scope: string) => void done.push(`steps of ${scope} aside`),
      event: async (_: string, __: string, { code }: LeewardError) => void done.push(code),
    },
  };
  const vm = vmPlan(standard);
  const state = {
    deps: { store } as unknown as BackupDeps,
    context: { step: (_: string, __: object, work: () => unknown) => work() } as unknown as FlowContext,
    ...{ runId: 'run', planned: [vm], group: { id: 'g1' }, plan: { job: job ?? {} } },
    ...{ vms: new Map([[key, vm]]), toStandard: new Map() },
  } as unknown as GroupState;
  await turnToStandard(state, vm, problem);
  const turned = await turnedVms(state);
  return { turned, done, isInGroup: state.vms.has(key) };
}

describe('a VM of which no storage snapshot can be made (R6)', () => {
  it('goes the standard way of its plan, as if nothing had been done for it', async () => {
    const job = { failoverToStandard: true };
    expect(await turn({ standard: 'possible', job })).toEqual({
      turned: [key],
      done: [`steps of ${key} aside`, `no changes of ${key}`, 'L-SRC-105', 'waiting'],
      isInGroup: false,
    });
  });

  it.each([
    [{ standard: 'not' }, 'failed L-ARR-103'],
    [{ standard: 'not', job: { failoverToStandard: true, failOnDowngrade: true } }, 'failed L-SRC-103'],
    [
      { standard: 'possible', job: { failoverToStandard: true }, vmwareSnapshot: 'present' },
      'failed L-ARR-103',
    ],
  ] as const)('fails with %o', async (circumstances, end) => {
    const { turned, done } = await turn(circumstances);
    expect([turned, done]).toEqual([[], [end]]);
  });

  it('is read by the same changes, through vCenter alone, and takes its places there', () => {
    const { source, disks, standardDisks, places, groupId } =
      withStandard({ vms: [vmPlan('possible')] } as unknown as Plan, key).vms[0] ?? vmPlan('not');
    expect([source, disks, groupId]).toEqual(['standard', [], undefined]);
    expect(standardDisks).toEqual([
      {
        ...{ key: 2000, label: 'Hard disk 1', node: 'scsi0:0', sizeBytes: 1, fileName: '[ds] a.vmdk' },
        since: { pointId: 'p', changeId: 'c', sizeBytes: 1 },
      },
    ]);
    expect(places?.map(({ limit }) => limit)).toEqual([
      'vmwareSnapshotsPerHost',
      'vmwareSnapshotsPerVcenter',
      'standardVmsPerHost',
      'standardVmsPerVcenter',
    ]);
  });
});
