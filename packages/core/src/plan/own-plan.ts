import { LeewardError, reportOf } from '../errors/leeward-error.ts';
import { objectKey } from '../words/storage.ts';
import type { DiskPlan, Effect, Plan, StandardDiskPlan, VmPlan, VolumePlan } from './plan.ts';
import { planHops, volumesOf } from './plan.ts';

/**
 * What of a plan is shown to who is limited to jobs. On volumes that are only frozen along with those of the job no file
 * of its VMs lies, so they may be of others: they are counted, not named.
 */
export function ownPlan(plan: Plan): Plan {
  const own = new Set(plan.vms.flatMap(volumesOf).map(objectKey));
  const isOwn = ({ volume }: Pick<VolumePlan, 'volume'>) => own.has(objectKey(volume));
  const volumes = plan.groups.flatMap((group) => group.volumes);
  const along = volumes.filter((each) => !isOwn(each));
  const arrays = new Set(
    volumes.flatMap(({ arrayName, relation }) => [
      arrayName,
      ...(relation ? planHops(relation) : []).map((hop) => hop.arrayName),
    ]),
  );
  // Plans of earlier releases do not say what an effect on an array is about.
  const isNamed = ({ volume, system }: Effect) => (volume ? isOwn({ volume }) : !arrays.has(system));
  return {
    ...plan,
    vms: plan.vms.map(ownVmPlan),
    groups: plan.groups.map((group) => ({ ...group, volumes: group.volumes.filter(isOwn) })),
    effects: along.length === 0 ? plan.effects : [...plan.effects.filter(isNamed), ...countedEffects(along)],
  };
}

/** Of the plan of a VM: the run that distrusted its chain may be of another job, and is not named. */
export function ownVmPlan(vm: VmPlan): VmPlan {
  const { disks, standardDisks } = vm;
  return {
    ...vm,
    disks: disks.map(withoutRun),
    ...(standardDisks ? { standardDisks: standardDisks.map(withoutRun) } : {}),
  };
}

function withoutRun<Disk extends DiskPlan | StandardDiskPlan>(disk: Disk): Disk {
  const { code, details } = disk.fullBecause ?? {};
  if (code !== 'L-SRC-116') return disk;
  return { ...disk, fullBecause: reportOf(new LeewardError(code, { ...details, run: '(not shown)' })) };
}

function countedEffects(along: readonly VolumePlan[]): readonly Effect[] {
  return [...Map.groupBy(along, ({ arrayName }) => arrayName)].map(([system, volumes]): Effect => {
    const count = new Set(volumes.map(({ volume }) => objectKey(volume))).size;
    const what = `storage snapshots of ${count} more volume(s), which it freezes together with these`;
    return { system, action: 'create', what };
  });
}
