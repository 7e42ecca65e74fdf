import type { Job } from './job.ts';

/** Whether long-term storage snapshots are asked for on the primary. */
export function keepsChainOnPrimary({ primaryKeep, primaryKeepDays }: Job): boolean {
  return primaryKeep !== undefined || primaryKeepDays !== undefined;
}

/** The same of the secondary, where transferred ones are the chain of every job that reads them. */
export function keepsChainOnSecondary({ snapshotOnly, secondaryKeep, secondaryKeepDays }: Job): boolean {
  return !snapshotOnly || secondaryKeep > 0 || secondaryKeepDays !== undefined;
}

/**
 * Long-term storage snapshots of `sync` relations stay on both sides, the same number (R7). A snapshot-only job uses
 * such relations whatever side it asks for (R11).
 */
export function keepsCoordinatedChain(job: Job): boolean {
  return job.snapshotOnly || keepsChainOnPrimary(job);
}

/** Where points go. A `RangeError` for a snapshot-only job, which makes none. */
export function repositoryOf({ name, repositoryId }: Job): string {
  if (repositoryId === undefined) throw new RangeError(`job ${name} has no repository`);
  return repositoryId;
}
