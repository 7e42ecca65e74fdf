import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Job, LeewardError, type Plan } from '@leeward/core';
import type { LabState } from '@leeward/lab';
import type { Run, RunStep, RunView, RunVm } from '@leeward/server';
import { planText } from '../commands/plan-text.ts';
import type { Output } from '../output/output.ts';
import { followRun } from '../watch/watch-run.ts';
import type { DemoReport, DemoRun, DemoVm } from './demo-report.ts';
import type { DemoServer } from './demo-server.ts';
import { fileNameOf } from './file-name.ts';
import { bytesRead, chainProblems, inspectLab, leftoversSince } from './inspect-lab.ts';
import { registerLab } from './register-lab.ts';
import { restoreAndCompare } from './restore-and-compare.ts';

/** Guests go on writing for so long between the two backups. */
const betweenRunsMs = 3_000;

export interface DemoTools {
  readonly lab: LabState;
  readonly server: DemoServer;
  readonly folder: string;
  readonly output: Output;
  readonly clock: Clock;
}

/**
 * The main job in the simulated datacentre: full backup over the secondary, guests go on writing, incremental
 * backup over CBT, restore of every VM of both points, comparison of every disk with the simulators' records.
 */
export async function runDemo(tools: DemoTools): Promise<DemoReport> {
  const { lab, server, folder, output, clock } = tools;
  const { api } = server;
  const repository = { path: join(folder, 'repository'), passwordFile: join(folder, 'repository.password') };
  const title = (text: string) => output.note(`\n${output.style('bold', text)}`);

  title('Registering vCenter, arrays, proxy and repository');
  const job = await registerLab(api, lab, repository, clock, (text) => output.note(`  $ ${text}`));
  title('The plan');
  output.note(planText(await api.post<Plan>(`/jobs/${job.id}/plan`)));
  const before = await inspectLab(lab);

  title('Full backup from the secondary arrays');
  const full = await backUp(tools, job);
  title('Guests go on writing; incremental backup by changed block tracking');
  await clock.sleep(betweenRunsMs);
  const incremental = await backUp(tools, job);

  title('Restoring every VM of both points and comparing every disk');
  const runs: DemoRun[] = [];
  for (const view of [full, incremental]) runs.push(await verify(tools, view));

  const leftovers = await leftoversSince(before, lab);
  const dataPortBytesRead = await bytesRead(lab);
  const problems = [
    ...runs.flatMap(runProblems),
    ...(runs[0]?.kind === 'full' ? [] : ['the first run was not full']),
    // CBT is not switched on beside VMware snapshots that a VM has already: such VMs are read in full.
    ...(runs[1]?.kind === 'incremental' || before.vmwareSnapshots > 0
      ? []
      : ['the second run was not incremental']),
    ...lab.arrays
      .filter(({ role, name }) => role === 'primary' && dataPortBytesRead[name] !== 0)
      .map(({ name }) => `the primary ${name} was read: ${dataPortBytesRead[name]} bytes`),
    ...(['vmwareSnapshots', 'clones', 'exports', 'mappings'] as const)
      .filter((kind) => leftovers[kind] !== 0)
      .map((kind) => `left behind: ${leftovers[kind]} ${kind}`),
    ...(await chainProblems(api, leftovers)),
  ];
  return { ok: problems.length === 0, runs, dataPortBytesRead, leftovers, repository, problems };
}

async function backUp({ server, output, clock }: DemoTools, job: Job): Promise<RunView> {
  const run = await server.api.post<Run>(`/jobs/${job.id}/run`);
  const view = await followRun({ api: server.api, output, clock }, run.id);
  for (const { report } of view.events) output.problem(report);
  for (const { problem } of view.vms) if (problem) output.problem(problem);
  if (view.run.problem) output.problem(view.run.problem);
  if (view.run.state !== 'success') throw new LeewardError('L-RUN-106', { run: run.id });
  return view;
}

async function verify(tools: DemoTools, { run, vms, steps }: RunView): Promise<DemoRun> {
  const { server, lab, folder, output, clock } = tools;
  const watch = { api: server.api, output, clock };
  const verified: DemoVm[] = [];
  for (const vm of vms) {
    const target = join(folder, 'restored', run.id, fileNameOf(vm.name));
    await mkdir(target, { recursive: true });
    const disks = await restoreAndCompare(watch, lab, vm, target);
    verified.push(demoVm(vm, steps, disks));
    const equal = disks.filter(({ sha256AtSnapshot, sha256Restored }) => sha256AtSnapshot === sha256Restored);
    output.note(`  ${vm.name}: ${equal.length} of ${disks.length} disks equal`);
  }
  const kind = vms.every(({ facts }) => facts.kind === 'incremental') ? 'incremental' : 'full';
  return { id: run.id, kind, state: run.state, vms: verified };
}

function demoVm(vm: RunVm, steps: readonly RunStep[], disks: DemoVm['disks']): DemoVm {
  const { source, transport, relation, bytes, vmwareSnapshot } = vm.facts;
  const { createdAt, removedAt } = vmwareSnapshot ?? {};
  return {
    name: vm.name,
    source: source ?? 'none',
    transport: transport ?? 'none',
    relation: { kind: relation?.kind ?? 'none', policy: relation?.policy ?? 'none' },
    steps: steps
      .filter(({ scope, endedAt }) => scope === vm.vmKey && endedAt !== undefined)
      .map(({ name, startedAt, endedAt = startedAt }) => ({ name, startedAt, endedAt })),
    vmwareSnapshotMs: createdAt && removedAt ? Date.parse(removedAt) - Date.parse(createdAt) : -1,
    bytesProvisioned: bytes?.provisioned ?? 0,
    bytesChanged: bytes?.changed ?? 0,
    bytesRead: bytes?.read ?? 0,
    bytesStored: bytes?.stored ?? 0,
    disks,
  };
}

function runProblems(run: DemoRun): string[] {
  return run.vms.flatMap((vm) => [
    ...(vm.source === 'secondary' ? [] : [`${vm.name} was read from: ${vm.source}`]),
    ...(vm.disks.length > 0 ? [] : [`${vm.name} has no restored disk`]),
    ...(vm.vmwareSnapshotMs >= 0 ? [] : [`the VMware snapshot of ${vm.name} was not seen removed`]),
    ...vm.disks
      .filter(({ sha256AtSnapshot, sha256Restored }) => sha256AtSnapshot !== sha256Restored)
      .map(({ name }) => `${run.kind} point of ${vm.name}: disk ${name} differs`),
  ]);
}
