import type { ErrorReport, Plan, VmPlan } from '@leeward/core';
import { bytes, counted } from '../output/format.ts';
import { problemLines } from '../output/problem-lines.ts';

/** A plan in sentences: groups with their relations, each VM with its path and the paths not taken, effects. */
export function planText(plan: Plan): string {
  const { job, vms, groups, unresolved, effects } = plan;
  const relations = groups.flatMap(({ volumes }) => volumes).filter(({ relation }) => relation);
  const head = [
    counted(vms.length + unresolved.length, 'VM'),
    counted(groups.length, 'group'),
    counted(relations.length, 'relation'),
    `failover to primary: ${job.failoverToPrimary ? 'yes' : 'no'}`,
  ];
  return [
    `${job.name}: ${head.join(', ')}`,
    ...groups.flatMap((group) => groupLines(plan, group)),
    ...vms.filter(({ groupId }) => groupId === undefined).flatMap(vmLines),
    ...unresolved.flatMap(({ member, problem }) => [
      `  ${member}  cannot be backed up`,
      ...problemLines(problem, '    '),
    ]),
    effects.length > 0 ? 'A run will' : 'A run will do nothing',
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
  const size = vm.disks.length > 0 ? `  (${counted(vm.disks.length, 'disk')}, ${bytes(total)})` : '';
  const by = vm.proxyId === undefined ? '' : ` by proxy ${vm.proxyId}`;
  const source = vm.source ? `from the ${vm.source}${by}` : 'cannot be backed up';
  return [
    `  ${vm.path}  ${source}${size}`,
    ...(vm.problem ? problemLines(vm.problem, '    ') : []),
    ...vm.disks.map(({ label, since, fullBecause }) => `    ${label}: ${diskText(since, fullBecause)}`),
    ...vm.skippedDisks.map(({ label, reason }) => `    ${label}: SKIPPED, ${reason.code} ${reason.what}`),
    ...vm.notTaken.map(({ path, reason }) => `    not ${path}: ${reason.code} ${reason.what}`),
    ...vm.warnings.map(({ code, what }) => `    warning: ${code} ${what}`),
  ];
}

function diskText(since: VmPlan['disks'][number]['since'], fullBecause: ErrorReport | undefined): string {
  if (since) return `incremental, changes since point ${since.pointId.slice(0, 8)}`;
  return fullBecause ? `full: ${fullBecause.what}` : 'full';
}
