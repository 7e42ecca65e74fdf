import { bottleneckText, readsOfRun } from '@leeward/core';
import type { RestoreTarget, RunStep, RunView, RunVm } from '@leeward/server';
import { bytes, counted, duration, timeBetween, when } from '../output/format.ts';
import { problemLines } from '../output/problem-lines.ts';
import { skewText } from '../output/skew-text.ts';
import { failureOf } from './step-failure.ts';

/** A run as it stands: head, VMs with their figures and steps, events, what it still has on foreign systems. */
export function runText(view: RunView): string {
  const { run, jobName, retriedBy, vms, steps, events, openObjects } = view;
  const what = run.kind === 'restore' ? 'restore' : `of ${jobName}`;
  const took = run.endedAt ? `in ${timeBetween(run.startedAt, run.endedAt)}` : 'so far';
  const bottleneck = bottleneckText(readsOfRun(vms, view.progress));
  const known = new Set(vms.map(({ vmKey }) => vmKey));
  return [
    `run ${run.id} ${what}: ${run.state} ${took}, started ${when(run.startedAt)}`,
    ...(run.target ? [targetText(run.target)] : []),
    ...(run.retryOf === undefined ? [] : [`  retry of run ${run.retryOf}: what that one did not back up`]),
    ...(retriedBy === undefined ? [] : [`  what failed was tried again by run ${retriedBy}`]),
    ...(run.problem ? problemLines(run.problem, '  ') : []),
    ...(bottleneck === undefined ? [] : [`  bottleneck: ${bottleneck}`]),
    ...steps.filter(({ scope }) => !known.has(scope)).map((step) => `  ${stepText(step)}`),
    ...vms.flatMap((vm) => vmText(vm, steps)),
    ...events.map(({ at, report }) => `${report.severity}  ${when(at)}  ${report.code} ${report.what}`),
    ...openObjects.map(({ kind, name, systemId }) => `in use on ${systemId}: ${kind} ${name}`),
  ].join('\n');
}

function targetText({ pointId, vmName, frozenAt, proxy, folder, overwrite }: RestoreTarget): string {
  const files = overwrite ? ', replacing files that are there' : '';
  return `  point ${pointId.slice(0, 8)} of ${vmName}, frozen ${when(frozenAt)}, to ${folder} (proxy ${proxy})${files}`;
}

/** One line of figures for a VM. */
function figures({ facts }: RunVm): string {
  const parts: string[] = [];
  if (facts.kind) parts.push(facts.kind);
  const { storageSnapshots, consistency, frozenAt } = facts;
  if (storageSnapshots)
    parts.push(
      `in ${counted(storageSnapshots.length, 'storage snapshot')}, ${facts.source === 'primary' ? 'on the primary alone' : 'also on the secondary'}`,
    );
  else if (facts.source)
    parts.push(
      `${facts.source === 'standard' ? 'the standard way' : `from the ${facts.source}`}${facts.transport ? ` by ${facts.transport}` : ''}`,
    );
  if (facts.bytes) {
    const { provisioned, changed, read, stored } = facts.bytes;
    parts.push(
      `provisioned ${bytes(provisioned)}, changed ${bytes(changed)}, read ${bytes(read)}, stored ${bytes(stored)}`,
    );
  }
  const { vmwareSnapshot } = facts;
  const bottleneck = bottleneckText([facts]);
  if (bottleneck !== undefined) parts.push(`bottleneck ${bottleneck}`);
  if (vmwareSnapshot?.removedAt)
    parts.push(`VMware snapshot lived ${timeBetween(vmwareSnapshot.createdAt, vmwareSnapshot.removedAt)}`);
  else if (vmwareSnapshot) parts.push(`VMware snapshot open since ${when(vmwareSnapshot.createdAt)}`);
  if (facts.skew) parts.push(skewText(facts.skew));
  if (consistency) parts.push(`${consistency}${frozenAt === undefined ? '' : ` as of ${when(frozenAt)}`}`);
  if (facts.pointId) parts.push(`point ${facts.pointId.slice(0, 8)}`);
  return parts.join(', ');
}

function vmText(vm: RunVm, steps: readonly RunStep[]): string[] {
  const text = figures(vm);
  return [
    `  ${vm.name}: ${vm.state}${text ? `, ${text}` : ''}`,
    ...(vm.problem ? problemLines(vm.problem, '    ') : []),
    ...(vm.facts.storageSnapshots ?? []).map(({ name, place, arrayName, volumeName }) => {
      return `    kept on the ${place}: ${name} on ${arrayName}/${volumeName}`;
    }),
    ...(vm.facts.disks ?? []).map((disk) => `    ${diskText(disk)}`),
    ...steps.filter(({ scope }) => scope === vm.vmKey).map((step) => `    ${stepText(step)}`),
  ];
}

type RunDisk = NonNullable<RunVm['facts']['disks']>[number];

/** How a disk was read; of a full one why. */
function diskText({ label, kind, fullBecause, sampledBlocks }: RunDisk): string {
  if (kind === 'full')
    return `${label}: full${fullBecause ? ` (${fullBecause.code} ${fullBecause.what})` : ''}`;
  const checked = sampledBlocks ? `, ${counted(sampledBlocks, 'unchanged block')} compared` : '';
  return `${label}: incremental${checked}`;
}

const stepColumns = 20;

function stepText(step: RunStep): string {
  const { name, startedAt, endedAt } = step;
  const head = name.padEnd(stepColumns);
  if (!endedAt) return `${head}  under way since ${when(startedAt)}`;
  const failure = failureOf(step);
  const took = duration(Date.parse(endedAt) - Date.parse(startedAt)).padStart(9);
  return failure === undefined ? `${head}${took}` : `${head}${took}  FAILED ${failure}`;
}
