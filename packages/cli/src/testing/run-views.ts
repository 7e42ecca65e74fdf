import { LeewardError, reportOf } from '@leeward/core';
import type { RunStep, RunView, RunVm } from '@leeward/server';

const gib = 1024 ** 3;

/** `20:00:<seconds>` of one day. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 25, 20, 0, 0) + seconds * 1_000).toISOString();
}

export function step(scope: string, name: string, from: number, to?: number, failed?: string): RunStep {
  return {
    scope,
    name,
    startedAt: at(from),
    ...(to === undefined ? {} : { endedAt: at(to) }),
    detail: failed === undefined ? {} : { failed },
  };
}

export const goodVm: RunVm = {
  runId: 'r1',
  vmKey: 'vc/vm-1',
  name: 'web-01',
  state: 'success',
  facts: {
    kind: 'incremental',
    source: 'secondary',
    transport: 'nfs',
    vmwareSnapshot: { name: 'leeward_r1', createdAt: at(1), removedAt: at(5.2) },
    skew: { instants: 2, atLeastMs: 0, atMostMs: 420 },
    bytes: { provisioned: 48 * gib, changed: 2 * gib, read: 2 * gib, stored: gib },
    stageTimes: { sourceMs: 7_200, proxyMs: 2_000, repositoryMs: 800 },
    pointId: '8a7caca4b15b',
  },
};

export const failedVm: RunVm = {
  runId: 'r1',
  vmKey: 'vc/vm-2',
  name: 'Büro [alt] 01',
  state: 'failed',
  facts: { kind: 'full', source: 'secondary' },
  problem: reportOf(new LeewardError('L-RUN-101', { wait: 'the transfer', timeoutMs: 500 })),
};

/** A run that ended: one VM has its point, the transfer of the other failed. */
export function partlyView(): RunView {
  return {
    run: { id: 'r1', jobId: 'j1', kind: 'backup', state: 'partly', startedAt: at(0), endedAt: at(21) },
    jobName: 'nightly',
    vms: [failedVm, goodVm],
    steps: [
      step('', 'plan', 0, 0.4),
      step('vc/vm-1', 'vmware-snap', 1, 2),
      step('vc/vm-1', 'read', 8, 12),
      step('vc/vm-2', 'transfer', 3, 6.5, 'L-RUN-101'),
    ],
    events: [
      {
        vmKey: 'vc/vm-2',
        at: at(7),
        report: reportOf(new LeewardError('L-RUN-110', { vm: 'web-01' })),
      },
    ],
    progress: {},
    openObjects: [],
  };
}
