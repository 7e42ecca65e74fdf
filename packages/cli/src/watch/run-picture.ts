import { bottleneckText, readsOfRun } from '@leeward/core';
import type { RunStep, RunView, RunVm } from '@leeward/server';
import { printable } from '../output/display-width.ts';
import { bytes, counted, duration } from '../output/format.ts';
import type { Style } from '../output/output.ts';
import { progressText } from './progress-text.ts';
import { failureOf } from './step-failure.ts';
import { wrapParts } from './styled-line.ts';

export interface PictureTools {
  readonly nowMs: number;
  /** Steps are laid out to this width; other lines may be longer. */
  readonly columns: number;
  readonly paint: (style: Style, text: string) => string;
}

/** The live list of a run: each VM with its steps, durations and figures, and a stop-watch of its VMware snapshot. */
export function pictureOf(view: RunView, tools: PictureTools): string[] {
  const { nowMs, paint, columns } = tools;
  const { run, jobName, vms, steps, events } = view;
  const endMs = run.endedAt === undefined ? nowMs : Date.parse(run.endedAt);
  const elapsed = duration(endMs - Date.parse(run.startedAt));
  const done = vms.filter(({ state }) => state === 'success' || state === 'failed').length;
  const own = (scope: string) => steps.filter((step) => step.scope === scope);
  const count = vms.length > 0 ? `  ${done} of ${counted(vms.length, 'VM')}` : '';
  const bottleneck = bottleneckText(readsOfRun(vms, view.progress));
  const title = printable(run.kind === 'restore' ? restoreTitle(run) : jobName);
  return [
    paint('bold', `${title}  ${run.state}${count}  ${elapsed}`),
    ...wrapParts(stepText(own(''), tools), columns, '  '),
    ...vms.flatMap((vm) => vmLines(vm, own(vm.vmKey), tools)),
    ...progressText(view.progress).map((text) => `  ${printable(text)}`),
    ...(bottleneck === undefined ? [] : [`  bottleneck: ${bottleneck}`]),
    ...events.slice(-3).map(({ report }) => paint('yellow', printable(`  ! ${report.code} ${report.what}`))),
  ];
}

function restoreTitle({ target }: RunView['run']): string {
  return target ? `restore of ${target.vmName} to ${target.folder}` : 'restore';
}

function vmLines(vm: RunVm, steps: readonly RunStep[], tools: PictureTools): string[] {
  const { nowMs, paint, columns } = tools;
  const figure = vm.facts.bytes
    ? `  read ${bytes(vm.facts.bytes.read)}, stored ${bytes(vm.facts.bytes.stored)}`
    : '';
  const style = vm.state === 'failed' ? 'red' : vm.state === 'success' ? 'green' : 'bold';
  return [
    `  ${paint(style, printable(vm.name))}${stopWatch(vm, nowMs)}${figure}`,
    ...wrapParts(stepText(steps, tools), columns, '    '),
    ...(vm.problem ? [paint('red', printable(`    ${vm.problem.code} ${vm.problem.what}`))] : []),
  ];
}

function stopWatch({ facts: { vmwareSnapshot } }: RunVm, nowMs: number): string {
  if (!vmwareSnapshot) return '';
  const { createdAt, removedAt } = vmwareSnapshot;
  const lived = duration((removedAt ? Date.parse(removedAt) : nowMs) - Date.parse(createdAt));
  return `  VMware snapshot ${lived}${removedAt ? '' : ' and counting'}`;
}

function stepText(steps: readonly RunStep[], { nowMs, paint }: PictureTools): string[] {
  return steps.map((step) => {
    const { name, startedAt, endedAt } = step;
    const took = duration((endedAt ? Date.parse(endedAt) : nowMs) - Date.parse(startedAt));
    const failure = failureOf(step);
    if (endedAt === undefined) return `▸ ${name} ${took}`;
    return failure === undefined ? paint('dim', `✓ ${name} ${took}`) : paint('red', `✗ ${name} ${failure}`);
  });
}
