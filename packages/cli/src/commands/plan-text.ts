import { type ErrorReport, type Plan, type RelationPlan, settlePauseOf, type VmPlan } from '@leeward/core';
import { bytes, counted, duration } from '../output/format.ts';
import { problemLines } from '../output/problem-lines.ts';

/** A plan in sentences: groups with their relations, each VM with its path and the paths not taken, effects. */
export function planText(plan: Plan): string {
  const { job, vms, groups, unresolved, effects } = plan;
  const relations = groups.flatMap(({ volumes }) => volumes).filter(({ relation }) => relation);
  const head = [
    counted(vms.length + unresolved.length, 'VM'),
    counted(groups.length, 'group'),
    counted(relations.length, 'relation'),
    ...(job.snapshotOnly ? ['snapshot-only: nothing is read'] : []),
    `failover to primary: ${job.failoverToPrimary ? 'yes' : 'no'}`,
    ...(job.finishOnPrimary ? ['finish on primary: yes'] : []),
    ...(job.failoverToStandard ? ['failover to standard: yes'] : []),
  ];
  return [
    `${job.name}: ${head.join(', ')}`,
    ...groups.flatMap((group) => groupLines(plan, group)),
    ...vms.filter(({ groupId }) => groupId === undefined).flatMap((vm) => vmLines(vm, job)),
    ...unresolved.flatMap(({ member, problem }) => [
      `  ${member}  cannot be backed up`,
      ...problemLines(problem, '    '),
    ]),
    effects.length > 0 ? 'A run will' : 'A run will do nothing',
    ...effects.map(({ system, action, what }) => `  ${action} on ${system}: ${what}`),
  ].join('\n');
}

function groupLines(plan: Plan, group: Plan['groups'][number]): string[] {
  const { id, volumes, lifetimeMs, cutBecause } = group;
  const pauseMs = settlePauseOf(plan, group);
  const paths = volumes.map(({ arrayName, volumeName, relation }) =>
    relation
      ? `${arrayName}:${volumeName} → ${hopsText(relation)}${relation.arrayName}:${relation.volumeName} (${relationText(relation)})`
      : `${arrayName}:${volumeName} (no relation)`,
  );
  return [
    `group ${id}: ${paths.join('; ')}`,
    ...(lifetimeMs === undefined
      ? []
      : [`  VMware snapshots are expected to exist for ${duration(lifetimeMs)}`]),
    ...(pauseMs > 0
      ? [`  ${duration(pauseMs)} between VMware and storage snapshots, for VMFS to settle`]
      : []),
    ...plan.vms.filter(({ groupId }) => groupId === id).flatMap((vm) => vmLines(vm, plan.job)),
    ...(cutBecause ? [`  note: ${cutBecause.code} ${cutBecause.what}`] : []),
  ];
}

/** What comes before the last hop of a cascade. */
function hopsText({ kind, via = [] }: RelationPlan): string {
  const hops = via.map((hop) => `${hop.arrayName}:${hop.volumeName} (${kind}, ${hop.policy}) → `);
  return hops.join('');
}

function relationText({ kind, policy, policyName, sync }: RelationPlan): string {
  return sync
    ? `${kind}, ${policyName}; the secondary is ${sync.secondarySide}, by ${sync.decidedBy}`
    : `${kind}, ${policy}`;
}

function vmLines(vm: VmPlan, { snapshotOnly }: Plan['job']): string[] {
  return [
    `  ${vmHeadline(vm)}`,
    ...(vm.problem ? problemLines(vm.problem, '    ') : []),
    ...(vm.freezeOnly
      ? ['    no VMware snapshot: it is alone on its volume; handled after the others, one after another']
      : []),
    ...(vm.standardDisks ?? vm.disks).map(
      ({ label, since, fullBecause, fileName }) =>
        `    ${label}: ${snapshotOnly ? fileName : diskText(since, fullBecause)}`,
    ),
    ...vm.skippedDisks.map(({ label, reason }) => `    ${label}: SKIPPED, ${reason.code} ${reason.what}`),
    ...vm.notTaken.map(({ path, reason }) => `    not ${path}: ${reason.code} ${reason.what}`),
    ...vm.warnings.map(({ severity, code, what }) => {
      return `    ${severity === 'info' ? 'note' : 'warning'}: ${code} ${what}`;
    }),
  ];
}

/** The VM, its path and how much is read. */
export function vmHeadline(vm: VmPlan): string {
  const disks = vm.standardDisks ?? vm.disks;
  const total = disks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const size = disks.length > 0 ? `  (${counted(disks.length, 'disk')}, ${bytes(total)})` : '';
  return `${vm.path}  ${vm.source ? wayText(vm) : 'cannot be backed up'}${size}`;
}

/** Without a proxy nothing is read: its storage snapshots are all. */
function wayText({ source, proxyId }: VmPlan): string {
  if (proxyId === undefined)
    return source === 'secondary' ? 'kept on the secondary' : 'kept on the primary alone';
  return source === 'standard'
    ? `through vCenter and the ESXi host by proxy ${proxyId}`
    : `from the ${source} by proxy ${proxyId}`;
}

function diskText(since: VmPlan['disks'][number]['since'], fullBecause: ErrorReport | undefined): string {
  if (since) return `incremental, changes since point ${since.pointId.slice(0, 8)}`;
  return fullBecause ? `full: ${fullBecause.what}` : 'full';
}
