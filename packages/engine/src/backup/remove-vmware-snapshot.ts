import { isoTime, LeewardError, type VmPlan, vmKey } from '@leeward/core';
import type { BackupDeps } from './backup-deps.ts';
import { vmwareSnapshotName } from './names.ts';
import { outcomeOf } from './outcome.ts';

export function vmwareSnapshotLedgerId(runId: string, key: string): string {
  return `${runId}/vmware-snapshot/${key}`;
}

/** Removes the run's VMware snapshot of a VM and notes how long it lived. Safe to repeat. */
export async function removeVmwareSnapshot(
  deps: BackupDeps,
  runId: string,
  { vm: id, name: vmName }: Pick<VmPlan, 'vm' | 'name'>,
  signal?: AbortSignal,
): Promise<void> {
  const { store, clock, doors } = deps;
  const key = vmKey(id);
  const name = vmwareSnapshotName(runId);
  const door = await doors.vcenter(id.vcenterId);
  const { consolidationNeeded } = await door.removeVmwareSnapshot(id.moId, name, signal);
  const removedAt = isoTime(clock.now());
  const known = (await store.runVms.list(runId)).find((each) => each.vmKey === key);
  const createdAt = known?.facts.vmwareSnapshot?.createdAt;
  if (known && createdAt && !known.facts.vmwareSnapshot?.removedAt)
    await store.runVms.put(known, { vmwareSnapshot: { name, createdAt, removedAt } }, known.problem);
  await store.ledger.mark(vmwareSnapshotLedgerId(runId, key), 'released');
  if (!consolidationNeeded) return;
  await store.runLog.event(runId, key, new LeewardError('L-RUN-110', { vm: vmName }));
  await outcomeOf(() => door.consolidate(id.moId, signal), signal);
}
