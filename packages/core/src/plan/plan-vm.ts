import { reportOf } from '../errors/leeward-error.ts';
import { type VmDisk, vmKey } from '../words/virtual-machine.ts';
import { changeBase } from './change-base.ts';
import { choosePath } from './choose-path.ts';
import { considerFile, type FileToConsider } from './considered.ts';
import { eligibility, worst } from './eligibility.ts';
import { quiesceNotes } from './eligibility-vm.ts';
import type { Job } from './job.ts';
import { configurationFile, type PlacedFile, placeFile } from './place-files.ts';
import type { DiskPlan, VmPlan } from './plan.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import { proxiesFor } from './proxy-order.ts';
import type { ResolvedVm } from './scope.ts';
import { chooseChains, halvesMissing, keptUse, withoutReaders } from './snapshot-only.ts';
import { type VolumeUse, volumeUses } from './volume-use.ts';

export interface VmDecision {
  readonly plan: VmPlan;
  /** The volumes that hold files of the VM; empty when it is not read from storage snapshots. */
  readonly volumes: readonly VolumeUse[];
}

/** Decides one VM: where its files lie, by which path it is read, and for each other path why not. */
export function planVm(resolved: ResolvedVm, job: Job, inventory: PlanningInventory): VmDecision {
  const { vm } = resolved;
  const fit = eligibility(vm);
  const datastores = inventory.vcenters.find(({ id }) => id === vm.id.vcenterId)?.datastores ?? [];
  const vmx = vm.connected ? placeFile(vm, undefined, datastores, inventory) : undefined;
  const placed = fit.disks.map(({ disk, hindrance }) => {
    const file: PlacedFile = hindrance ? { hindrance } : placeFile(vm, disk, datastores, inventory);
    return { disk, file };
  });
  const files = [...(vmx ? [vmx] : []), ...placed.map(({ file }) => file)];
  const found = [...placed.map(({ file }) => file), ...(vmx ? [vmx] : [])];
  const hindrance = worst([
    fit.hindrance,
    ...found.map((file) => ('hindrance' in file ? file.hindrance : undefined)),
  ]);
  const asFound = (of: readonly PlacedFile[]) =>
    volumeUses(
      of.flatMap((file) => ('parts' in file ? file.parts : [])),
      job,
      inventory,
    );
  const uses = (of: readonly PlacedFile[]) => asFound(of).map((use) => keptUse(use, job));
  const volumes = hindrance ? [] : uses(files);
  const proxies = proxiesFor(vmKey(vm.id), inventory.proxies);
  const request = { vmName: vm.name, hindrance, volumes, job, inventory: { ...inventory, proxies } };
  const { considered, unproved, problem, ...path } = job.snapshotOnly
    ? chooseChains(request)
    : choosePath(request);

  const last = newestPoint(inventory, vmKey(vm.id), job.repositoryId);
  const baseOf = (disk: VmDisk) => (job.snapshotOnly ? {} : changeBase(vm, disk, last));
  const disks: DiskPlan[] = placed.flatMap(({ disk, file }) => {
    if (hindrance || !('located' in file)) return [];
    const { key, label, node, sizeBytes, fileName } = disk;
    const { located, parents } = file;
    return [{ key, label, node, sizeBytes, fileName, located, parents, ...baseOf(disk) }];
  });
  const standardDisks = fit.disks.map(({ disk }) => {
    const { key, label, node, sizeBytes, fileName } = disk;
    return { key, label, node, sizeBytes, fileName, ...baseOf(disk) };
  });
  const toConsider: FileToConsider[] = [
    ...(vmx ? [considerable({ label: configurationFile, fileName: vm.vmxPath }, vmx, uses)] : []),
    ...placed.map(({ disk: { key, label, fileName }, file }) =>
      considerable({ key, label, fileName }, file, uses),
    ),
    ...fit.skipped.map(({ disk: { key, label, fileName }, reason }) => {
      return { key, label, fileName, leftOut: reason, uses: [] };
    }),
  ];
  const isRead = path.source === 'secondary' || path.source === 'primary';
  const notes = [
    ...fit.skipped.map(({ reason }) => reason),
    ...(path.source ? quiesceNotes(vm, job) : []),
    ...(isRead ? eachOnce(files.flatMap((file) => ('notes' in file ? file.notes : []))) : []),
    ...volumes.flatMap(({ choice }) => choice.warnings),
    ...unproved,
    ...(isRead && job.snapshotOnly ? halvesMissing(asFound(files), job) : []),
  ];
  const plan: VmPlan = {
    vm: vm.id,
    name: vm.name,
    path: vm.path,
    vcenterName: resolved.vcenterName,
    ...path,
    ...(problem ? { problem: reportOf(problem) } : {}),
    ...(!hindrance && vmx && 'located' in vmx ? { vmxFile: vmx.located } : {}),
    disks,
    ...(path.source === 'standard' ? { standardDisks, disks: [] } : {}),
    skippedDisks: fit.skipped.map(({ disk, reason }) => ({ label: disk.label, reason: reportOf(reason) })),
    notTaken: considered.flatMap(({ path, reason }) => (reason ? [{ path, reason }] : [])),
    considered,
    consideredFiles: toConsider.map((file) =>
      considerFile(file, considered, job.snapshotOnly ? withoutReaders(inventory) : inventory),
    ),
    warnings: notes.map((note) => reportOf(note)),
    enableCbt: !job.snapshotOnly && vm.cbtSupported && !vm.cbtEnabled && !vm.hasVmwareSnapshots,
  };
  return { plan, volumes: isRead ? volumes : [] };
}

function considerable(
  facts: Pick<FileToConsider, 'label' | 'key' | 'fileName'>,
  file: PlacedFile,
  uses: (of: readonly PlacedFile[]) => readonly VolumeUse[],
): FileToConsider {
  return 'hindrance' in file
    ? { ...facts, problem: file.hindrance.reason, uses: [] }
    : { ...facts, uses: uses([file]) };
}

function newestPoint(inventory: PlanningInventory, key: string, repositoryId: string | undefined) {
  return inventory.points
    .filter((point) => point.vmKey === key && point.repositoryId === repositoryId)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
}

function eachOnce<T extends { readonly message: string }>(notes: readonly T[]): readonly T[] {
  return [...new Map(notes.map((note) => [note.message, note])).values()];
}
