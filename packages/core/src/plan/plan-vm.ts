import { asLeewardError, LeewardError, reportOf } from '../errors/leeward-error.ts';
import type { Source } from '../words/storage.ts';
import { vmKey } from '../words/virtual-machine.ts';
import { changeBase } from './change-base.ts';
import { chooseProxy, type PortDemand } from './choose-proxy.ts';
import { chooseRelation, type RelationChoice } from './choose-relation.ts';
import { eligibility } from './eligibility.ts';
import type { Job } from './job.ts';
import { locateFile, type VolumeHome } from './locate.ts';
import type { DiskPlan, LocatedFile, VmPlan } from './plan.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import type { ResolvedVm } from './scope.ts';

export interface VolumeUse {
  readonly home: VolumeHome;
  readonly choice: RelationChoice;
}

export interface VmDecision {
  readonly plan: VmPlan;
  /** The volumes that hold files of the VM; empty when it is refused. */
  readonly volumes: readonly VolumeUse[];
}

/** Decides one VM: where its files lie, by which path it is read, and for each other path why not. */
export function planVm(resolved: ResolvedVm, job: Job, inventory: PlanningInventory): VmDecision {
  const { vm } = resolved;
  const { problem, disks, skipped } = eligibility(vm);
  const base = {
    vm: vm.id,
    name: vm.name,
    path: vm.path,
    vcenterName: resolved.vcenterName,
    disks: [],
    skippedDisks: skipped.map(({ disk, reason }) => ({ label: disk.label, reason: reportOf(reason) })),
    warnings: skipped.map(({ reason }) => reportOf(reason)),
    enableCbt: vm.cbtSupported && !vm.cbtEnabled && !vm.hasVmwareSnapshots,
  };
  const refused = (cause: LeewardError): VmDecision => ({
    plan: { ...base, problem: reportOf(cause), notTaken: notTaken({ secondary: cause, primary: cause }) },
    volumes: [],
  });
  if (problem) return refused(problem);
  try {
    const datastores = inventory.vcenters.find(({ id }) => id === vm.id.vcenterId)?.datastores ?? [];
    const last = newestPoint(inventory, vmKey(vm.id), job.repositoryId);
    const locate = (fileName: string, disk: string) =>
      locateFile(fileName, datastores, inventory, { vm: vm.name, disk });
    const vmx = locate(vm.vmxPath, 'configuration file');
    const homes = new Map([[volumeKey(vmx.home), vmx.home]]);
    const diskPlans = disks.map((disk): DiskPlan => {
      const { home, ...located } = locate(disk.fileName, disk.label);
      homes.set(volumeKey(home), home);
      const { key, label, node, sizeBytes, fileName } = disk;
      return { key, label, node, sizeBytes, fileName, located, ...changeBase(vm, disk, last) };
    });
    const volumes = [...homes.values()].map((home) => ({
      home,
      choice: chooseRelation(home, job, inventory),
    }));
    const vmxFile: LocatedFile = { volume: vmx.volume, path: vmx.path };
    const warnings = [
      ...base.warnings,
      ...volumes.flatMap(({ choice }) => choice.warnings.map((warning) => reportOf(warning))),
    ];
    const located = { ...base, disks: diskPlans, vmxFile, warnings };
    return { plan: { ...located, ...choosePath(vm.name, volumes, job, inventory) }, volumes };
  } catch (error) {
    return refused(asLeewardError(error));
  }
}

export function volumeKey(home: VolumeHome): string {
  return `${home.volume.id.arraySerial}/${home.volume.id.objectId}`;
}

function newestPoint(inventory: PlanningInventory, key: string, repositoryId: string) {
  return inventory.points
    .filter((point) => point.vmKey === key && point.repositoryId === repositoryId)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
}

type PathChoice = Pick<VmPlan, 'source' | 'problem' | 'proxyId' | 'notTaken'>;

function choosePath(
  vmName: string,
  volumes: readonly VolumeUse[],
  job: Job,
  inventory: PlanningInventory,
): PathChoice {
  const unreadable = volumes.find(({ home }) => home.array.problem)?.home.array;
  if (unreadable?.problem) {
    const cause = new LeewardError('L-PLN-108', { array: unreadable.name, reason: unreadable.problem.what });
    return { problem: reportOf(cause), notTaken: notTaken({ secondary: cause, primary: cause }) };
  }
  const secondary = secondaryPath(volumes, inventory);
  if (!(secondary instanceof LeewardError))
    return { source: 'secondary', proxyId: secondary, notTaken: notTaken({}) };
  if (!job.failoverToPrimary) {
    const primary = new LeewardError('L-PLN-121');
    return { problem: reportOf(secondary), notTaken: notTaken({ secondary, primary }) };
  }
  if (job.failOnDowngrade) {
    const cause = new LeewardError('L-SRC-103', { vm: vmName, reason: reportOf(secondary).what });
    return { problem: reportOf(cause), notTaken: notTaken({ secondary, primary: cause }) };
  }
  const primary = primaryPath(volumes, inventory);
  if (primary instanceof LeewardError)
    return { problem: reportOf(primary), notTaken: notTaken({ secondary, primary }) };
  return { source: 'primary', proxyId: primary, notTaken: notTaken({ secondary }) };
}

/** The proxy's id, or why the path cannot be taken. */
function secondaryPath(volumes: readonly VolumeUse[], inventory: PlanningInventory): string | LeewardError {
  const demands: PortDemand[] = [];
  for (const { choice } of volumes) {
    if (choice.problem) return choice.problem;
    if (!choice.chosen) continue;
    const { relation, secondary } = choice.chosen;
    const { volume } = relation.destination;
    const target = secondary.inventory?.volumes.find(({ id }) => id.objectId === volume?.objectId);
    const tenantId = target?.tenantId ?? relation.destination.tenantId ?? '';
    demands.push({ array: secondary, tenantId, protocol: 'nfs' });
  }
  return proxyFor(demands, inventory);
}

function primaryPath(volumes: readonly VolumeUse[], inventory: PlanningInventory): string | LeewardError {
  const demands = volumes.map(
    ({ home }): PortDemand => ({ array: home.array, tenantId: home.volume.tenantId, protocol: 'nfs' }),
  );
  return proxyFor(demands, inventory);
}

function proxyFor(demands: readonly PortDemand[], inventory: PlanningInventory): string | LeewardError {
  const proxy = chooseProxy(inventory.proxies, demands);
  if (proxy) return proxy.id;
  const [first] = demands;
  const tenant = first?.array.inventory?.volumes.find(({ tenantId }) => tenantId === first.tenantId)?.tenant;
  return new LeewardError('L-PLN-109', { tenant, array: first?.array.name, protocol: 'nfs' });
}

function notTaken(reasons: {
  readonly secondary?: LeewardError;
  readonly primary?: LeewardError;
}): VmPlan['notTaken'] {
  const entries: { path: Source; reason: ReturnType<typeof reportOf> }[] = [];
  if (reasons.secondary) entries.push({ path: 'secondary', reason: reportOf(reasons.secondary) });
  const primary =
    reasons.primary ?? (reasons.secondary ? undefined : new LeewardError('L-PLN-122', { path: 'primary' }));
  if (primary) entries.push({ path: 'primary', reason: reportOf(primary) });
  entries.push({ path: 'standard', reason: reportOf(new LeewardError('L-PLN-123')) });
  return entries;
}
