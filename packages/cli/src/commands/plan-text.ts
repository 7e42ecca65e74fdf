import type { ErrorReport, Plan, VmPlan } from '@leeward/core';
import { bytes } from '../output/format.ts';

/** A plan in sentences: groups with their relations, each VM with its path and the paths not taken, effects. */
export function planText(plan: Plan): string {
  const { job, vms, groups, unresolved, effects } = plan;
  const relations = groups.flatMap(({ volumes }) => volumes).filter(({ relation }) => relation);
  const head =
    `${job.name}: ${vms.length} VMs, ${groups.length} groups, ${relations.length} relations; ` +
    `failover to primary: ${job.failoverToPrimary ? 'yes' : 'no'}`;
  return [
    head,
    ...groups.flatMap((group) => groupLines(plan, group)),
    ...vms.filter(({ groupId }) => groupId === undefined).flatMap(vmLines),
    ...unresolved.flatMap(({ member, problem }) => [
      `  ${member}`,
      ...reasonLines('cannot be backed up', problem),
    ]),
    effects.length > 0 ? 'will' : 'will do nothing',
    ...effects.map(({ system, action, what }) => `  ${action} on ${system}: ${what}`),
  ].join('\n');
}

function groupLines({ vms }: Plan, { id, volumes }: Plan['groups'][number]): string[] {
  const paths = volumes.map(({ arrayName, volumeName, relation }) =>
    relation
      ? `${arrayName}:${volumeName} → ${relation.arrayName}:${relation.volumeName} (${relation.kind}, ${relation.policy})`
      : `${arrayName}:${volumeName} (no relation)`,
  );
  return [
    `group ${id}: ${paths.join('; ')}`,
    ...vms.filter(({ groupId }) => groupId === id).flatMap(vmLines),
  ];
}

function vmLines(vm: VmPlan): string[] {
  const total = vm.disks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const size = `${vm.disks.length} disks, ${bytes(total)}`;
  const source = vm.source ? `from the ${vm.source} by proxy ${vm.proxyId}` : 'cannot be backed up';
  return [
    `  ${vm.path}  ${source}  (${size})`,
    ...(vm.problem ? reasonLines('because', vm.problem) : []),
    ...vm.disks.flatMap(({ label, since, fullBecause }) => [
      `    ${label}: ${since ? `changes since point ${since.pointId.slice(0, 8)}` : `full, ${fullBecause?.what}`}`,
    ]),
    ...vm.notTaken.flatMap(({ path, reason }) => [`    not ${path}: ${reason.code} ${reason.what}`]),
    ...vm.warnings.map(({ code, what }) => `    warning: ${code} ${what}`),
  ];
}

function reasonLines(intro: string, { code, what, next }: ErrorReport): string[] {
  return [`    ${intro}: ${code} ${what}`, `    next: ${next}`];
}
