import { asLeewardError, LeewardError, reportOf } from '../errors/leeward-error.ts';
import { objectKey, type Source } from '../words/storage.ts';
import { vmKey } from '../words/virtual-machine.ts';
import { changeBase } from './change-base.ts';
import { chooseProxy, type PortDemand } from './choose-proxy.ts';
import { chooseRelation, type RelationChoice } from './choose-relation.ts';
import { eligibility } from './eligibility.ts';
import type { Job } from './job.ts';
import { type DatastorePart, locateFile, type VolumeHome } from './locate.ts';
import { missingOn } from './missing.ts';
import type { AccessProtocol, DiskPlan, VmPlan } from './plan.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import type { ResolvedVm } from './scope.ts';

export interface VolumeUse {
  readonly home: VolumeHome;
  readonly protocols: readonly AccessProtocol[];
  /** `Lun.path` of the LUNs in use. */
  readonly lunPaths: readonly string[];
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
    const parts: DatastorePart[] = [];
    const place = (fileName: string, disk: string) => {
      const file = locate(fileName, disk);
      parts.push(...file.parts);
      return file.located;
    };
    const vmxFile = place(vm.vmxPath, 'configuration file');
    const diskPlans = disks.map((disk): DiskPlan => {
      const { key, label, node, sizeBytes, fileName } = disk;
      const located = place(fileName, label);
      const parents = disk.parents.map((parent) => place(parent, label));
      return { key, label, node, sizeBytes, fileName, located, parents, ...changeBase(vm, disk, last) };
    });
    const volumes = volumeUses(parts, job, inventory);
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

function volumeUses(
  parts: readonly DatastorePart[],
  job: Job,
  inventory: PlanningInventory,
): readonly VolumeUse[] {
  return [...Map.groupBy(parts, ({ home }) => volumeKey(home)).values()].flatMap((ofVolume) => {
    const home = ofVolume[0]?.home;
    if (!home) return [];
    const lunPaths = ofVolume.flatMap((part) => (part.protocol === 'iscsi' ? [part.lunPath] : []));
    return [
      {
        home,
        protocols: [...new Set(ofVolume.map(({ protocol }) => protocol))].sort(),
        lunPaths: [...new Set(lunPaths)].sort(),
        choice: chooseRelation(home, job, inventory),
      },
    ];
  });
}

export function volumeKey({ volume }: VolumeHome): string {
  return objectKey(volume.id);
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
  for (const { home } of volumes) {
    const { name, tenantId } = home.volume;
    const cause = missingOn(home.array, name, tenantId, ['storage-snapshot']);
    if (cause) return { problem: reportOf(cause), notTaken: notTaken({ secondary: cause, primary: cause }) };
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
  for (const { home, choice, protocols } of volumes) {
    if (choice.problem) return choice.problem;
    if (!choice.chosen) continue;
    const { relation, secondary } = choice.chosen;
    const { volume, volumeName } = relation.destination;
    const target = secondary.inventory?.volumes.find(({ id }) => id.objectId === volume?.objectId);
    const tenantId = target?.tenantId ?? relation.destination.tenantId ?? '';
    const missing =
      missingOn(home.array, home.volume.name, home.volume.tenantId, ['transfer']) ??
      missingOn(secondary, volumeName, tenantId, ['transfer', ...neededFor(protocols)]);
    if (missing) return missing;
    for (const protocol of protocols) demands.push({ array: secondary, tenantId, protocol });
  }
  return proxyFor(demands, inventory);
}

function primaryPath(volumes: readonly VolumeUse[], inventory: PlanningInventory): string | LeewardError {
  const demands: PortDemand[] = [];
  for (const { home, protocols } of volumes) {
    const { tenantId, name } = home.volume;
    const missing = missingOn(home.array, name, tenantId, neededFor(protocols));
    if (missing) return missing;
    for (const protocol of protocols) demands.push({ array: home.array, tenantId, protocol });
  }
  return proxyFor(demands, inventory);
}

/** A storage snapshot of LUNs is always shown by a clone; one over NFS often without, which the driver finds out. */
function neededFor(protocols: readonly AccessProtocol[]): readonly (AccessProtocol | 'clone')[] {
  return protocols.includes('iscsi') ? [...protocols, 'clone'] : protocols;
}

function proxyFor(demands: readonly PortDemand[], inventory: PlanningInventory): string | LeewardError {
  const proxy = chooseProxy(inventory.proxies, demands);
  if (proxy) return proxy.id;
  const alone = (demand: PortDemand) => chooseProxy(inventory.proxies, [demand]) === undefined;
  const unmet = demands.find(alone) ?? demands[0];
  const tenant = unmet?.array.inventory?.volumes.find(({ tenantId }) => tenantId === unmet.tenantId)?.tenant;
  return new LeewardError('L-PLN-109', { tenant, array: unmet?.array.name, protocol: unmet?.protocol });
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
