import { LeewardError, reportOf } from '@leeward/core';
import { expect, it } from 'vitest';
import { partlyView } from '../testing/run-views.ts';
import { pictureOf } from './run-picture.ts';
import { runText } from './run-text.ts';

it('says of a failed VM code, meaning and next step, and of a good one its figures', () => {
  const lines = runText(partlyView()).split('\n');
  expect(lines).toEqual([
    'run r1 of nightly: partly in 21.0 s, started 2026-11-25 20:00:00Z',
    '  bottleneck: secondary array 72 % (proxy 20 %, repository 8 %)',
    '  plan                   400 ms',
    '  Büro [alt] 01: failed, full, from the secondary',
    '    L-RUN-101 Waiting for the transfer took longer than the bound of 500 ms.',
    '      data  The step is given up and cleaned up; points made before are not touched.',
    '      next  Look at the system that was waited for, then run the job again.',
    '    transfer                3.5 s  FAILED L-RUN-101',
    '  web-01: success, incremental, from the secondary by nfs, provisioned 48.0 GiB, changed 2.00 GiB, read 2.00 GiB, stored 1.00 GiB, bottleneck secondary array 72 % (proxy 20 %, repository 8 %), VMware snapshot lived 4.2 s, volumes frozen at 2 moments, at most 420 ms apart, point 8a7caca4',
    '    vmware-snap             1.0 s',
    '    read                    4.0 s',
    expect.stringMatching(/^warning {2}2026-11-25 20:00:07Z {2}L-RUN-110 /),
  ]);
});

it('says what holds the run up while it is read', () => {
  const stageTimes = { sourceMs: 800, proxyMs: 1_000, repositoryMs: 8_200 };
  const progress = { f: { phase: 'read', source: 'primary', bytesRead: 1, bytesToRead: 2, stageTimes } };
  const expected = '  bottleneck: repository 45 % (source 40 %, proxy 15 %)';
  const view = { ...partlyView(), progress };
  expect(runText(view).split('\n')).toContain(expected);
  const tools = {
    nowMs: Date.parse(view.run.startedAt),
    columns: 80,
    paint: (_: string, text: string) => text,
  };
  expect(pictureOf(view, tools)).toContain(expected);
  expect(runText({ ...view, vms: [], progress: {} })).not.toContain('bottleneck');
});

it('says of each disk how it was read, and of a full one why', () => {
  const view = partlyView();
  const { code, what } = reportOf(new LeewardError('L-SRC-116', { run: 'r0' }));
  const disks = [
    { key: 2000, label: 'Hard disk 1', kind: 'incremental' as const, sampledBlocks: 8 },
    { key: 2001, label: 'Hard disk 2', kind: 'full' as const, fullBecause: { code, what } },
    { key: 2002, label: 'Hard disk 3', kind: 'incremental' as const },
  ];
  const vms = view.vms.map((vm) => (vm.state === 'success' ? { ...vm, facts: { ...vm.facts, disks } } : vm));
  const lines = runText({ ...view, vms }).split('\n');
  const from = lines.findIndex((line) => line.includes('Hard disk 1'));
  expect(lines.slice(from, from + 3)).toEqual([
    '    Hard disk 1: incremental, 8 unchanged blocks compared',
    '    Hard disk 2: full (L-SRC-116 the chain of the last point is distrusted: run r0 found that change tracking had missed writes)',
    '    Hard disk 3: incremental',
  ]);
});

it('says of a VM of a snapshot-only job which storage snapshots hold it', () => {
  const view = partlyView();
  const facts = {
    ...{ source: 'secondary' as const, consistency: 'crash-consistent' as const },
    frozenAt: '2026-11-25T20:00:05.000Z',
    storageSnapshots: (['primary', 'secondary'] as const).map((place) => {
      return { name: 'leeward_keep_r1_g1', place, arrayName: 'ontap-a', volumeName: 'ds1' };
    }),
  };
  const vms = view.vms.map((vm) => (vm.state === 'success' ? { ...vm, facts } : vm));
  const lines = runText({ ...view, vms }).split('\n');
  const from = lines.findIndex((line) => line.startsWith('  web-01'));
  expect(lines.slice(from, from + 3)).toEqual([
    '  web-01: success, in 2 storage snapshots, also on the secondary, crash-consistent as of 2026-11-25 20:00:05Z',
    '    kept on the primary: leeward_keep_r1_g1 on ontap-a/ds1',
    '    kept on the secondary: leeward_keep_r1_g1 on ontap-a/ds1',
  ]);
});

it('says of a restore what it is, and what is still in use', () => {
  const { run, ...view } = partlyView();
  const problem = reportOf(new LeewardError('L-REP-119', { path: '/out/web-01.vmx' }));
  const text = runText({
    ...view,
    run: {
      ...{ ...run, kind: 'restore', state: 'failed', problem },
      target: {
        ...{ pointId: '8a7caca4b15b', vmName: 'web-01', frozenAt: '2026-11-25T20:00:00.000Z' },
        ...{ repositoryId: 'r', proxy: 'local', folder: '/out', overwrite: true },
      },
    },
    vms: [],
    events: [],
    openObjects: [{ kind: 'presentation', systemId: 'array-1', name: 'leeward_r1', state: 'intended' }],
  });
  expect(text).toContain('run r1 restore: failed in 21.0 s');
  expect(text).toContain(
    '\n  point 8a7caca4 of web-01, frozen 2026-11-25 20:00:00Z, to /out (proxy local), replacing files that are there\n',
  );
  expect(text).toContain('  L-REP-119 /out/web-01.vmx exists already and is not overwritten.\n    data  ');
  expect(text).toContain('in use on array-1: presentation leeward_r1');
});

it('draws the same live: failed steps crossed, the stop-watch of the VMware snapshot running', () => {
  const view = partlyView();
  const [failed, good] = view.vms;
  if (!failed || !good) throw new Error('two VMs');
  const { vmwareSnapshot } = good.facts;
  const open = vmwareSnapshot && { name: vmwareSnapshot.name, createdAt: vmwareSnapshot.createdAt };
  const now = Date.parse('2026-11-25T20:00:31.000Z');
  const vms = [failed, { ...good, facts: { ...good.facts, vmwareSnapshot: open } }];
  const lines = pictureOf({ ...view, vms }, { nowMs: now, columns: 80, paint: (_style, text) => text });
  expect(lines[0]).toBe('nightly  partly  2 of 2 VMs  21.0 s');
  expect(lines.join('\n')).toContain('✗ transfer L-RUN-101');
  expect(lines.join('\n')).toContain('web-01  VMware snapshot 30.0 s and counting  read 2.00 GiB');
});
