import { type DiskPlan, isoTime, LeewardError, reportOf, type VmPlan, vmKey } from '@leeward/core';
import type { VcenterDoor } from '../systems/doors.ts';
import type { BackupDeps } from './backup-deps.ts';
import { vmwareSnapshotName } from './names.ts';
import { outcomeOf } from './outcome.ts';
import { type FrozenVm, vmwareSnapshotLedgerId } from './vmware-snapshot-step.ts';

/** Keys of the disks whose changed areas are stored; the others are read in full. */
export interface ReleasedVm {
  readonly incrementalDisks: readonly number[];
  readonly removedAt: string;
}

/**
 * While the VMware snapshot still exists: asks CBT for the changed areas of each disk and checks that the VM did
 * not move; then removes the VMware snapshot. Safe to repeat: what was stored before a crash is not asked again,
 * since the VMware snapshot may be gone.
 */
export async function askChangesAndRelease(
  deps: BackupDeps,
  runId: string,
  vm: VmPlan,
  frozen: FrozenVm,
  signal: AbortSignal,
): Promise<ReleasedVm> {
  const door = await deps.doors.vcenter(vm.vm.vcenterId);
  const key = vmKey(vm.vm);
  const entry = await deps.store.ledger.get(vmwareSnapshotLedgerId(runId, key));
  if (entry?.state !== 'released') {
    await deps.store.runLog.step(runId, [key], 'changed-areas', async () => {
      for (const disk of vm.disks) await storeChanges(deps, runId, door, vm, disk, frozen, signal);
      await requireUnmoved(door, vm, signal);
    });
    await deps.store.runLog.step(runId, [key], 'vmware-snap-removed', () =>
      releaseVmwareSnapshot(deps, runId, door, vm, signal),
    );
  }
  const incrementalDisks: number[] = [];
  for (const disk of vm.disks)
    if (await deps.store.changeLists.get({ runId, vmKey: key, diskKey: disk.key }))
      incrementalDisks.push(disk.key);
  return { incrementalDisks, removedAt: isoTime(deps.clock.now()) };
}

async function storeChanges(
  deps: BackupDeps,
  runId: string,
  door: VcenterDoor,
  vm: VmPlan,
  disk: DiskPlan,
  frozen: FrozenVm,
  signal: AbortSignal,
): Promise<void> {
  const key = vmKey(vm.vm);
  const place = { runId, vmKey: key, diskKey: disk.key };
  const downgrade = (reason: string) =>
    deps.store.runLog.event(
      runId,
      key,
      new LeewardError('L-SRC-102', { disk: disk.label, vm: vm.name, reason }),
    );
  if (!disk.since) {
    const isFirst = disk.fullBecause?.code === 'L-SRC-110';
    if (!isFirst) await downgrade(disk.fullBecause?.what ?? 'no base to compare with');
    return;
  }
  if (await deps.store.changeLists.get(place)) return;
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
  if ('unusable' in answer) return downgrade(reportOf(answer.unusable).what);
  await deps.store.changeLists.put(place, answer.areas);
}

/** A Storage vMotion in between would make the storage snapshot worthless for this VM. */
async function requireUnmoved(door: VcenterDoor, vm: VmPlan, signal: AbortSignal): Promise<void> {
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

/** Removes the run's VMware snapshot of a VM and notes how long it lived. */
export async function releaseVmwareSnapshot(
  deps: BackupDeps,
  runId: string,
  door: VcenterDoor,
  vm: Pick<VmPlan, 'vm' | 'name'>,
  signal?: AbortSignal,
): Promise<void> {
  const { store, clock } = deps;
  const key = vmKey(vm.vm);
  const name = vmwareSnapshotName(runId);
  const { consolidationNeeded } = await door.removeVmwareSnapshot(vm.vm.moId, name, signal);
  const removedAt = isoTime(clock.now());
  const known = (await store.runVms.list(runId)).find((each) => each.vmKey === key);
  const createdAt = known?.facts.vmwareSnapshot?.createdAt;
  if (known && createdAt)
    await store.runVms.put(known, { vmwareSnapshot: { name, createdAt, removedAt } }, known.problem);
  await store.ledger.mark(vmwareSnapshotLedgerId(runId, key), 'released');
  if (!consolidationNeeded) return;
  await store.runLog.event(runId, key, new LeewardError('L-RUN-110', { vm: vm.name }));
  await outcomeOf(() => door.consolidate(vm.vm.moId, signal), signal);
}
