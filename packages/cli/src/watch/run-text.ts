import type { RunStep, RunView, RunVm } from '@leeward/server';
import { bytes, timeBetween } from '../output/format.ts';

/** A run as it stands: head, VMs with their figures and steps, events. */
export function runText(view: RunView): string {
  const { run, jobName, vms, steps, events, openObjects } = view;
  const took = run.endedAt ? ` in ${timeBetween(run.startedAt, run.endedAt)}` : '';
  return [
    `run ${run.id} of ${jobName}: ${run.state}${took}`,
    ...(run.problem ? [`  ${run.problem.code} ${run.problem.what}`, `  next: ${run.problem.next}`] : []),
    ...vms.flatMap((vm) => vmText(vm, steps)),
    ...events.map(({ at, report }) => `${report.severity}  ${at}  ${report.code} ${report.what}`),
    ...openObjects.map(({ kind, name, systemId }) => `in use on ${systemId}: ${kind} ${name}`),
  ].join('\n');
}

/** One line of figures for a VM. */
export function figures({ facts }: RunVm): string {
  const parts: string[] = [];
  if (facts.kind) parts.push(facts.kind);
  if (facts.source) parts.push(`from the ${facts.source}`);
  if (facts.bytes) {
    const { provisioned, changed, read, stored } = facts.bytes;
    parts.push(
      `provisioned ${bytes(provisioned)}, changed ${bytes(changed)}, read ${bytes(read)}, stored ${bytes(stored)}`,
    );
  }
  const { vmwareSnapshot } = facts;
  if (vmwareSnapshot?.removedAt)
    parts.push(`VMware snapshot lived ${timeBetween(vmwareSnapshot.createdAt, vmwareSnapshot.removedAt)}`);
  return parts.join(', ');
}

function vmText(vm: RunVm, steps: readonly RunStep[]): string[] {
  const own = steps.filter(({ scope }) => scope === vm.vmKey);
  return [
    `  ${vm.name}: ${vm.state}${figures(vm) ? `, ${figures(vm)}` : ''}`,
    ...(vm.problem ? [`    ${vm.problem.code} ${vm.problem.what}`, `    next: ${vm.problem.next}`] : []),
    ...own.map(({ name, startedAt, endedAt }) =>
      endedAt
        ? `    ${name}  ${timeBetween(startedAt, endedAt)}`
        : `    ${name}  under way since ${startedAt}`,
    ),
  ];
}
