import type { RunStep, RunView, RunVm } from '@leeward/server';
import { bytes, duration } from '../output/format.ts';
import { progressText } from './progress-text.ts';

type Paint = (style: 'bold' | 'red' | 'yellow' | 'green' | 'dim', text: string) => string;

/** The live list of a run: each VM with its steps, durations and figures, and a stop-watch of its VMware snapshot. */
export function pictureOf(view: RunView, nowMs: number, paint: Paint): string[] {
  const { run, jobName, vms, steps, events } = view;
  const elapsed = duration(nowMs - Date.parse(run.startedAt));
  const done = vms.filter(({ state }) => state === 'success' || state === 'failed').length;
  const own = (scope: string) => steps.filter((step) => step.scope === scope);
  return [
    paint('bold', `${jobName}  ${run.state}  ${done}/${vms.length} VMs  ${elapsed}`),
    ...stepText(own(''), nowMs, paint).map((text) => `  ${text}`),
    ...vms.flatMap((vm) => vmLines(vm, own(vm.vmKey), nowMs, paint)),
    ...progressText(view.progress).map((text) => `  ${text}`),
    ...events.slice(-3).map(({ report }) => paint('yellow', `  ! ${report.code} ${report.what}`)),
  ];
}

function vmLines(vm: RunVm, steps: readonly RunStep[], nowMs: number, paint: Paint): string[] {
  const { vmwareSnapshot } = vm.facts;
  const watch = vmwareSnapshot
    ? `  VMware snapshot ${duration(Date.parse(vmwareSnapshot.removedAt ?? iso(nowMs)) - Date.parse(vmwareSnapshot.createdAt))}${vmwareSnapshot.removedAt ? '' : ' and counting'}`
    : '';
  const figure = vm.facts.bytes
    ? `  read ${bytes(vm.facts.bytes.read)}, stored ${bytes(vm.facts.bytes.stored)}`
    : '';
  const style = vm.state === 'failed' ? 'red' : vm.state === 'success' ? 'green' : 'bold';
  return [
    `  ${paint(style, vm.name)}${watch}${figure}`,
    `    ${stepText(steps, nowMs, paint).join('  ')}`,
    ...(vm.problem ? [paint('red', `    ${vm.problem.code} ${vm.problem.what}`)] : []),
  ];
}

function stepText(steps: readonly RunStep[], nowMs: number, paint: Paint): string[] {
  return steps.map(({ name, startedAt, endedAt }) => {
    const took = duration(Date.parse(endedAt ?? iso(nowMs)) - Date.parse(startedAt));
    return endedAt ? paint('dim', `✓ ${name} ${took}`) : `▸ ${name} ${took}`;
  });
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
