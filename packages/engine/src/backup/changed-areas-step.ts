import { type DiskPlan, type Job, LeewardError, reportOf, type VmPlan, vmKey } from '@leeward/core';
import type { VcenterDoor } from '../systems/doors.ts';
import type { BackupDeps } from './backup-deps.ts';
import type { FrozenVm } from './vmware-snapshot-step.ts';

/**
 * While the VMware snapshot exists: asks CBT for the changed areas of each disk and stores them. Returns the keys
 * of the disks that can be read by changes; the others are read in full. A step of its own, recorded before the
 * VMware snapshot is removed: so it is never repeated without it. Safe to repeat.
 */
export async function askChanges(
  deps: BackupDeps,
  runId: string,
  vm: VmPlan,
  frozen: FrozenVm,
  rules: Pick<Job, 'failOnDowngrade'>,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const door = await deps.doors.vcenter(vm.vm.vcenterId);
  const incremental: number[] = [];
  for (const disk of vm.disks) {
    const reason = await storeChanges(deps, runId, door, vm, disk, frozen, signal);
    if (reason === undefined) incremental.push(disk.key);
    else if (reason !== firstBackup) await downgraded(deps, runId, vm, disk, reason, rules);
  }
  return incremental;
}

/** Reading a disk in full the first time is no downgrade. */
const firstBackup = Symbol('first backup');

async function downgraded(
  deps: BackupDeps,
  runId: string,
  vm: VmPlan,
  disk: DiskPlan,
  reason: string,
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
  disk: DiskPlan,
  frozen: FrozenVm,
  signal: AbortSignal,
): Promise<string | typeof firstBackup | undefined> {
  const key = vmKey(vm.vm);
  if (!disk.since) {
    await storeAllocated(deps, runId, door, vm, disk, frozen, signal);
    const isFirst = disk.fullBecause?.code === 'L-SRC-110';
    return isFirst ? firstBackup : (disk.fullBecause?.what ?? 'no base to compare with');
  }
  const now = frozen.disks.find((each) => each.key === disk.key);
  if (!now) throw new LeewardError('L-RUN-108', { vm: vm.name });
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
  if ('unusable' in answer) return reportOf(answer.unusable).what;
  await deps.store.changeLists.put({ runId, vmKey: key, diskKey: disk.key }, answer.areas);
  return undefined;
}

/**
 * What CBT says is allocated at all, of a disk on VMFS that is read in full: a second opinion on where its file has
 * holes. Without an answer there is none, and the disk is read all the same.
 */
async function storeAllocated(
  deps: BackupDeps,
  runId: string,
  door: VcenterDoor,
  vm: VmPlan,
  disk: DiskPlan,
  frozen: FrozenVm,
  signal: AbortSignal,
): Promise<void> {
  const now = frozen.disks.find((each) => each.key === disk.key);
  if (!disk.located.vmfs || !now?.changeId) return;
  try {
    const { vmwareSnapshotMoId } = frozen;
    const query = { vmMoId: vm.vm.moId, vmwareSnapshotMoId, disk: now };
    const answer = await door.allocatedAreas(query, signal);
    const place = { runId, vmKey: vmKey(vm.vm), diskKey: disk.key };
    if ('areas' in answer) await deps.store.changeLists.put(place, answer.areas);
  } catch (error) {
    if (signal.aborted || !(error instanceof LeewardError)) throw error;
  }
}
