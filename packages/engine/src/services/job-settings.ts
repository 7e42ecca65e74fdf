import { type Job, keepsChainOnPrimary, keepsChainOnSecondary, LeewardError } from '@leeward/core';
import type { CreateJob, EditJob } from './job-service.ts';

/** What is about reading or about points. */
const onlyWithPoints = [
  ...(['failoverToStandard', 'finishOnPrimary', 'cbtSampleFraction', 'standardMaxSnapshotMs'] as const),
  'keepPoints',
] as const satisfies readonly (keyof EditJob)[];

/** `L-CFG-150`, `L-CFG-151` and `L-CFG-153`: a job has a repository, or it is snapshot-only. */
export function requireFittingSettings(input: CreateJob): void {
  const { repository, snapshotOnly = false } = input;
  if (snapshotOnly && repository !== undefined) throw new LeewardError('L-CFG-150', { repository });
  if (!snapshotOnly && repository === undefined) throw new LeewardError('L-CFG-151');
  if (snapshotOnly) requireMeaning(input);
}

/** `L-CFG-153` for a setting that a snapshot-only job cannot heed; one that is switched off does no harm. */
export function requireMeaning(given: CreateJob | EditJob): void {
  const setting = onlyWithPoints.find((name) => !isOff(given[name]));
  if (setting !== undefined) throw new LeewardError('L-CFG-153', { setting });
}

function isOff(value: number | boolean | null | undefined): boolean {
  return value === undefined || value === null || value === false;
}

/** `L-CFG-152` and `L-CFG-154`: no chain that is wanted is ever shorter than 1. */
export function requireChains(job: Job): void {
  const { snapshotOnly, secondaryKeep } = job;
  if (snapshotOnly && !keepsChainOnPrimary(job) && !keepsChainOnSecondary(job))
    throw new LeewardError('L-CFG-152');
  if (!snapshotOnly && secondaryKeep < 1) throw new LeewardError('L-CFG-154');
}
