import { LeewardError, type Plan } from '@leeward/core';
import type { BackupDeps } from './backup-deps.ts';

/** What the run executes. */
export async function planOf({ store }: Pick<BackupDeps, 'store'>, runId: string): Promise<Plan> {
  const { plan } = await store.runs.get(runId);
  if (!plan) throw new LeewardError('L-RUN-105', { kind: 'plan of run', id: runId });
  return plan;
}
