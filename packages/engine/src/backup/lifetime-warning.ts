import { type Job, LeewardError, type VmPlan, vmKey } from '@leeward/core';
import type { BackupDeps } from './backup-deps.ts';

/** Says so when the VMware snapshot of a VM existed for longer than the job's budget. Safe to repeat. */
export async function warnOverBudget(
  { store }: Pick<BackupDeps, 'store'>,
  runId: string,
  { vm, name }: VmPlan,
  { vmwareSnapshotBudgetMs: budgetMs }: Job,
): Promise<void> {
  if (budgetMs === undefined) return;
  const key = vmKey(vm);
  const { vmwareSnapshot } = (await store.runVms.list(runId)).find((each) => each.vmKey === key)?.facts ?? {};
  if (!vmwareSnapshot?.removedAt) return;
  const lifetimeMs = Date.parse(vmwareSnapshot.removedAt) - Date.parse(vmwareSnapshot.createdAt);
  if (lifetimeMs <= budgetMs) return;
  const details = { vm: name, lifetime: seconds(lifetimeMs), budget: seconds(budgetMs) };
  await store.runLog.event(runId, key, new LeewardError('L-RUN-151', details));
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1).replace(/\.0$/, '')} s`;
}
