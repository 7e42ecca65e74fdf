import type { RunStep, RunView, RunVm } from '@leeward/server';
import { printable } from '../output/display-width.ts';
import { bytes, counted, duration } from '../output/format.ts';
import type { Style } from '../output/output.ts';
import { progressText } from './progress-text.ts';
import { failureOf } from './step-failure.ts';

type Paint = (style: Style, text: string) => string;

/** The live list of a run: each VM with its steps, durations and figures, and a stop-watch of its VMware snapshot. */
export function pictureOf(view: RunView, nowMs: number, paint: Paint): string[] {
  const { run, jobName, vms, steps, events } = view;
  const elapsed = duration(nowMs - Date.parse(run.startedAt));
  const done = vms.filter(({ state }) => state === 'success' || state === 'failed').length;
  const own = (scope: string) => steps.filter((step) => step.scope === scope);
  const count = vms.length > 0 ? `  ${done} of ${counted(vms.length, 'VM')}` : '';
  const title = run.kind === 'restore' ? 'restore' : printable(jobName);
  return [
    paint('bold', `${title}  ${run.state}${count}  ${elapsed}`),
    ...stepText(own(''), nowMs, paint).map((text) => `  ${text}`),
    ...vms.flatMap((vm) => vmLines(vm, own(vm.vmKey), nowMs, paint)),
    ...progressText(view.progress).map((text) => `  ${printable(text)}`),
    ...events.slice(-3).map(({ report }) => paint('yellow', printable(`  ! ${report.code} ${report.what}`))),
  ];
}

function vmLines(vm: RunVm, steps: readonly RunStep[], nowMs: number, paint: Paint): string[] {
  const figure = vm.facts.bytes
    ? `  read ${bytes(vm.facts.bytes.read)}, stored ${bytes(vm.facts.bytes.stored)}`
    : '';
  const style = vm.state === 'failed' ? 'red' : vm.state === 'success' ? 'green' : 'bold';
  return [
    `  ${paint(style, printable(vm.name))}${stopWatch(vm, nowMs)}${figure}`,
    `    ${stepText(steps, nowMs, paint).join('  ')}`,
    ...(vm.problem ? [paint('red', printable(`    ${vm.problem.code} ${vm.problem.what}`))] : []),
  ];
}

function stopWatch({ facts: { vmwareSnapshot } }: RunVm, nowMs: number): string {
  if (!vmwareSnapshot) return '';
  const { createdAt, removedAt } = vmwareSnapshot;
  const lived = duration((removedAt ? Date.parse(removedAt) : nowMs) - Date.parse(createdAt));
  return `  VMware snapshot ${lived}${removedAt ? '' : ' and counting'}`;
}

function stepText(steps: readonly RunStep[], nowMs: number, paint: Paint): string[] {
  return steps.map((step) => {
    const { name, startedAt, endedAt } = step;
    const took = duration((endedAt ? Date.parse(endedAt) : nowMs) - Date.parse(startedAt));
    const failure = failureOf(step);
    if (endedAt === undefined) return `▸ ${name} ${took}`;
    return failure === undefined ? paint('dim', `✓ ${name} ${took}`) : paint('red', `✗ ${name} ${failure}`);
  });
}
