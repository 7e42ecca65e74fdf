import { ownershipComment } from '@leeward/arrays';
import { isoTime, LeewardError, type Plan, type VmPlan, vmKey } from '@leeward/core';
import type { FrozenDisk } from '../systems/doors.ts';
import type { BackupDeps } from './backup-deps.ts';
import { vmwareSnapshotName } from './names.ts';

export interface FrozenVm {
  readonly vmwareSnapshotMoId: string;
  readonly createdAt: string;
  readonly disks: readonly FrozenDisk[];
}

export function vmwareSnapshotLedgerId(runId: string, key: string): string {
  return `${runId}/vmware-snapshot/${key}`;
}

/**
 * Takes the VMware snapshot of one VM and reads what it froze. Safe to repeat: the name is the run's, and the
 * intent is journaled first. Throws `L-RUN-108` when the VM's disks are no longer where the plan saw them.
 */
export async function takeVmwareSnapshot(
  deps: BackupDeps,
  runId: string,
  plan: Plan,
  vm: VmPlan,
  signal: AbortSignal,
): Promise<FrozenVm> {
  const { store, doors, clock } = deps;
  const key = vmKey(vm.vm);
  const name = vmwareSnapshotName(runId);
  const ledgerId = vmwareSnapshotLedgerId(runId, key);
  const door = await doors.vcenter(vm.vm.vcenterId);
  // Before anything is made: a right to create without the right to remove would leave the VMware snapshot behind.
  await door.requirePrivileges([vm.vm.moId], signal);
  await store.ledger.intend({
    id: ledgerId,
    runId,
    jobId: plan.job.id,
    kind: 'vmware-snapshot',
    systemId: vm.vm.vcenterId,
    name,
    detail: { vmKey: key, vmMoId: vm.vm.moId, vmName: vm.name },
  });
  if (vm.enableCbt) await door.enableCbt(vm.vm.moId, signal);
  const description = ownershipComment(store.installationId, runId);
  const { quiesce } = plan.job;
  const made = await door.createVmwareSnapshot(vm.vm.moId, { name, description, quiesce }, signal);
  const { moId } = made;
  if (quiesce && !made.quiesced)
    await store.runLog.event(runId, key, new LeewardError('L-RUN-115', { vm: vm.name }));
  const createdAt = isoTime(clock.now());
  await store.ledger.mark(ledgerId, 'present');
  await store.runVms.put(
    { runId, vmKey: key, name: vm.name, state: 'running' },
    { vmwareSnapshot: { name, createdAt } },
  );
  const disks = await door.frozenDisks(moId, signal);
  for (const planned of vm.disks)
    if (!disks.some((disk) => disk.key === planned.key && disk.fileName === planned.fileName))
      throw new LeewardError('L-RUN-108', { vm: vm.name });
  return { vmwareSnapshotMoId: moId, createdAt, disks };
}
