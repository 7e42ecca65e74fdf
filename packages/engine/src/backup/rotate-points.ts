import { LeewardError, type Plan, reportOf, repositoryOf } from '@leeward/core';
import { openRepository, RepositoryLock, removePoint } from '@leeward/repository';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { Fence } from '../janitor/release.ts';
import type { Point } from '../store/points.ts';
import type { BackupDeps } from './backup-deps.ts';

interface Surplus {
  readonly vmName: string;
  readonly points: readonly Point[];
}

/**
 * Retention of points: of each VM that got one from this run, the newest `keepPoints` of the job stay. Points stand
 * alone, so any may go; the newest of a VM, base of its next incremental, never does. Their space comes back with a
 * prune. What does not work is an event of the run, never its failure. Safe to repeat.
 */
export async function rotatePoints(deps: BackupDeps, runId: string, plan: Plan, fence: Fence): Promise<void> {
  const { keepPoints } = plan.job;
  if (keepPoints === undefined) return;
  const surplus = await surplusOf(deps, runId, plan, keepPoints);
  if (surplus.length === 0) return;
  try {
    await remove(deps, plan, surplus, fence);
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    for (const { vmName } of surplus) {
      const details = { vm: vmName, keep: keepPoints, reason: reportOf(error).what };
      await deps.store.runLog.event(runId, '', new LeewardError('L-RUN-114', details));
    }
  }
}

async function surplusOf(
  { store }: BackupDeps,
  runId: string,
  { job }: Plan,
  keep: number,
): Promise<readonly Surplus[]> {
  const surplus: Surplus[] = [];
  for (const { vmKey, vmName } of await store.points.list({ runId })) {
    const ofVm = await store.points.list({ vmKey });
    const ofJob = ofVm.filter((each) => each.jobId === job.id && each.repositoryId === job.repositoryId);
    const points = ofJob.slice(keep);
    if (points.length > 0) surplus.push({ vmName, points });
  }
  return surplus;
}

/** First in the repository, then here: after a crash in between the next run removes what is gone already. */
async function remove(
  { store, clock, randomness }: BackupDeps,
  { job }: Plan,
  surplus: readonly Surplus[],
  fence: Fence,
): Promise<void> {
  const { path, secretId } = await store.repositories.get(repositoryOf(job));
  const password = await store.secrets.reveal(secretId);
  const repository = await openRepository({ path, password, clock, randomness });
  // Shared: backups go on meanwhile, a prune does not.
  const lock = await RepositoryLock.acquire(repository, { exclusive: false });
  try {
    for (const { id } of surplus.flatMap(({ points }) => points)) {
      await fence();
      await removePoint(repository, id);
      await store.points.remove(id);
    }
  } finally {
    await lock.release();
  }
}
