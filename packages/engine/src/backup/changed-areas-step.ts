import {
  type DiskPlan,
  type ErrorReport,
  type Job,
  LeewardError,
  reportOf,
  type StandardDiskPlan,
  type VmPlan,
  vmKey,
} from '@leeward/core';
import type { VcenterDoor } from '../systems/doors.ts';
import { storeAllocated } from './allocated-areas.ts';
import type { BackupDeps } from './backup-deps.ts';
import type { FrozenVm } from './vmware-snapshot-step.ts';

/** How the disks of a VM are read. JSON. */
export interface DiskBases {
  /** Keys of the disks with stored changed areas. */
  readonly incremental: readonly number[];
  /** Why the others are read in full, by key. */
  readonly fullBecause: Readonly<Record<string, ErrorReport>>;
}

/**
 * While the VMware snapshot exists: asks CBT for the changed areas of each disk, and for the allocated ones of disks on
 * VMFS, and stores them. Returns which disks can be read by changes, and why the others are read in full. A step of its
 * own, recorded before the VMware snapshot is removed: so it is never repeated without it. Safe to repeat.
 */
export async function askChanges(
  deps: BackupDeps,
  runId: string,
  vm: VmPlan,
  frozen: FrozenVm,
  rules: Pick<Job, 'failOnDowngrade'>,
  signal: AbortSignal,
): Promise<DiskBases> {
  const door = await deps.doors.vcenter(vm.vm.vcenterId);
  const incremental: number[] = [];
  const fullBecause: Record<string, ErrorReport> = {};
  for (const disk of vm.standardDisks ?? vm.disks) {
    const planned = vm.disks.find(({ key }) => key === disk.key);
    if (planned) await storeAllocated(deps, runId, door, vm, planned, frozen, signal);
    const reason = await storeChanges(deps, runId, door, vm, disk, frozen, signal);
    if (reason === undefined) incremental.push(disk.key);
    else {
      fullBecause[String(disk.key)] = reason;
      if (reason.code !== 'L-SRC-110') await downgraded(deps, runId, vm, disk, reason, rules);
    }
  }
  return { incremental, fullBecause };
}

/** Reading a disk in full the first time is none. Throws `L-SRC-103` where the job allows no downgrade. */
export async function downgraded(
  deps: Pick<BackupDeps, 'store'>,
  runId: string,
  vm: VmPlan,
  disk: Pick<DiskPlan, 'label'>,
  { what: reason }: ErrorReport,
  rules: Pick<Job, 'failOnDowngrade'>,
): Promise<void> {
  const downgrade = new LeewardError('L-SRC-102', { disk: disk.label, vm: vm.name, reason });
  if (rules.failOnDowngrade)
    throw new LeewardError('L-SRC-103', { vm: vm.name, reason: reportOf(downgrade).what });
  await deps.store.runLog.event(runId, vmKey(vm.vm), downgrade);
}

/** Why the disk is read in full; `undefined` when its changed areas are stored. */
async function storeChanges(
  deps: BackupDeps,
  runId: string,
  door: VcenterDoor,
  vm: VmPlan,
  disk: StandardDiskPlan,
  frozen: FrozenVm,
  signal: AbortSignal,
): Promise<ErrorReport | undefined> {
  const key = vmKey(vm.vm);
  if (!disk.since) return disk.fullBecause ?? reportOf(new LeewardError('L-SRC-112'));
  const now = frozen.disks.find((each) => each.key === disk.key);
  if (!now) throw new LeewardError('L-RUN-108', { vm: vm.name });
  if (now.sizeBytes < disk.since.sizeBytes) return reportOf(new LeewardError('L-SRC-114'));
  const answer = await door.changedAreas(
    {
      vmMoId: vm.vm.moId,
      vmwareSnapshotMoId: frozen.vmwareSnapshotMoId,
      disk: now,
      since: disk.since.changeId,
      sinceSizeBytes: disk.since.sizeBytes,
    },
    signal,
  );
  if ('unusable' in answer) return reportOf(answer.unusable);
  await deps.store.changeLists.put({ runId, vmKey: key, diskKey: disk.key }, answer.areas);
  return undefined;
}
