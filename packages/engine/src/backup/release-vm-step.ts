import { LeewardError, reportOf, type VmPlan, vmKey } from '@leeward/core';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { VcenterDoor } from '../systems/doors.ts';
import type { BackupDeps } from './backup-deps.ts';
import { errorOf, outcomeOf } from './outcome.ts';
import { removeVmwareSnapshot, vmwareSnapshotLedgerId } from './remove-vmware-snapshot.ts';

/**
 * After the storage snapshot: checks that the VM did not move meanwhile, where it still counts, and removes its
 * VMware snapshot in any case. A removal that does not work does not cost the point: the journal keeps it, and the
 * clean-up and the janitor try again. Safe to repeat.
 */
export async function releaseVm(
  deps: BackupDeps,
  runId: string,
  vm: VmPlan,
  isWanted: boolean,
  signal: AbortSignal,
): Promise<void> {
  const key = vmKey(vm.vm);
  const entry = await deps.store.ledger.get(vmwareSnapshotLedgerId(runId, key));
  if (!entry || entry.state === 'released') return;
  const door = await deps.doors.vcenter(vm.vm.vcenterId);
  const stayed = await outcomeOf(async () => {
    if (isWanted) await requireUnmoved(door, vm, signal);
  }, signal);
  const { store } = deps;
  try {
    await store.runLog.step(runId, [key], 'vmware-snap-removed', () =>
      removeVmwareSnapshot(deps, runId, vm, signal),
    );
  } catch (error) {
    if (signal.aborted || isOwnershipLost(error)) throw error;
    const details = { kind: 'vmware-snapshot', name: entry.name, system: door.name };
    await store.runLog.event(
      runId,
      key,
      new LeewardError('L-RUN-107', { ...details, reason: reportOf(error).what }),
    );
  }
  if (!stayed.ok) throw errorOf(stayed.problem);
}

/** `L-RUN-108` for a VM that moved: a Storage vMotion in between makes the storage snapshot worthless for it. */
export async function requireUnmoved(
  door: Pick<VcenterDoor, 'vm'>,
  vm: VmPlan,
  signal: AbortSignal,
): Promise<void> {
  const now = await door.vm(vm.vm.moId, signal);
  const stayed = vm.disks.every((planned) => {
    const disk = now.disks.find(({ key }) => key === planned.key);
    return disk !== undefined && folderOf(disk.fileName) === folderOf(planned.fileName);
  });
  if (!stayed) throw new LeewardError('L-RUN-108', { vm: vm.name });
}

function folderOf(fileName: string): string {
  return fileName.slice(0, fileName.lastIndexOf('/'));
}
