import { type DiskPlan, LeewardError, reportOf, type VmPlan, vmKey } from '@leeward/core';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { ChangeAnswer, VcenterDoor } from '../systems/doors.ts';
import type { BackupDeps } from './backup-deps.ts';
import type { FrozenVm } from './vmware-snapshot-step.ts';

/**
 * Stores what CBT says is allocated at all (`*`) of a disk on VMFS: the second opinion on where its file has holes,
 * whether the disk is read by changes or in full, and whatever the changed areas say. Without an answer there is none;
 * the disk is read all the same, and an event (`L-SRC-104`) tells that its holes were not checked.
 */
export async function storeAllocated(
  deps: BackupDeps,
  runId: string,
  door: VcenterDoor,
  vm: VmPlan,
  disk: DiskPlan,
  frozen: FrozenVm,
  signal: AbortSignal,
): Promise<void> {
  if (!disk.located.vmfs) return;
  const answer = await askAllocated(door, vm, disk, frozen, signal);
  const key = vmKey(vm.vm);
  if ('areas' in answer)
    await deps.store.changeLists.putAllocated({ runId, vmKey: key, diskKey: disk.key }, answer.areas);
  else {
    const reason = reportOf(answer.unusable).what;
    const details = { disk: disk.label, vm: vm.name, reason };
    await deps.store.runLog.event(runId, key, new LeewardError('L-SRC-104', details));
  }
}

async function askAllocated(
  door: VcenterDoor,
  vm: VmPlan,
  disk: DiskPlan,
  { disks, vmwareSnapshotMoId }: FrozenVm,
  signal: AbortSignal,
): Promise<ChangeAnswer> {
  const now = disks.find((each) => each.key === disk.key);
  if (!now?.changeId) return { unusable: new LeewardError('L-SRC-111') };
  try {
    return await door.allocatedAreas({ vmMoId: vm.vm.moId, vmwareSnapshotMoId, disk: now }, signal);
  } catch (error) {
    if (signal.aborted || isOwnershipLost(error) || !(error instanceof LeewardError)) throw error;
    return { unusable: error };
  }
}
