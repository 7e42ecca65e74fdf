import { type DiskPlan, LeewardError, reportOf, type VmPlan, vmKey } from '@leeward/core';
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
  signal: AbortSignal,
): Promise<readonly number[]> {
  const door = await deps.doors.vcenter(vm.vm.vcenterId);
  const incremental: number[] = [];
  for (const disk of vm.disks)
    if (await storeChanges(deps, runId, door, vm, disk, frozen, signal)) incremental.push(disk.key);
  return incremental;
}

async function storeChanges(
  deps: BackupDeps,
  runId: string,
  door: VcenterDoor,
  vm: VmPlan,
  disk: DiskPlan,
  frozen: FrozenVm,
  signal: AbortSignal,
): Promise<boolean> {
  const key = vmKey(vm.vm);
  const inFull = async (reason: string) => {
    const downgrade = new LeewardError('L-SRC-102', { disk: disk.label, vm: vm.name, reason });
    await deps.store.runLog.event(runId, key, downgrade);
    return false;
  };
  if (!disk.since) {
    const isFirst = disk.fullBecause?.code === 'L-SRC-110';
    return isFirst ? false : inFull(disk.fullBecause?.what ?? 'no base to compare with');
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
  if ('unusable' in answer) return inFull(reportOf(answer.unusable).what);
  await deps.store.changeLists.put({ runId, vmKey: key, diskKey: disk.key }, answer.areas);
  return true;
}
