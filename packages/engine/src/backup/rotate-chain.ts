import {
  LeewardError,
  objectKey,
  type Plan,
  type RelationPlan,
  reportOf,
  sameObject,
  type VolumePlan,
} from '@leeward/core';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { Fence } from '../janitor/release.ts';
import { parseColumn } from '../store/json.ts';
import type { LedgerEntry } from '../store/ledger.ts';
import type { BackupDeps } from './backup-deps.ts';
import { type StorageSnapshotDetail, storageSnapshotDetailSchema } from './storage-snapshot-step.ts';

interface Link {
  readonly entry: LedgerEntry;
  readonly detail: StorageSnapshotDetail;
}

/**
 * Retention of the two chains of a relation after a transfer (R5, R9): on the primary the newest transferred
 * storage snapshot stays as base of the next transfer and the ones before it go; on the secondary the newest
 * `secondaryKeep` of the job stay. A mirror keeps what the primary keeps, so there the count applies to the
 * primary. No chain is ever shorter than 1. What does not work is an event of the run, never its failure: the next
 * rotation makes it up.
 */
export async function rotateChains(
  deps: BackupDeps,
  runId: string,
  plan: Plan,
  volume: VolumePlan,
  relation: RelationPlan,
  fence: Fence,
): Promise<void> {
  try {
    await rotate(deps, plan, volume, relation, fence);
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    const details = { volume: volume.volumeName, reason: reportOf(error).what };
    await deps.store.runLog.event(runId, '', new LeewardError('L-RUN-111', details));
  }
}

async function rotate(
  deps: BackupDeps,
  plan: Plan,
  volume: VolumePlan,
  relation: RelationPlan,
  fence: Fence,
): Promise<void> {
  const keep = Math.max(1, plan.job.secondaryKeep);
  const isMirror = relation.policy === 'mirror';
  const links = await linksOf(deps, objectKey(relation.id));
  const onPrimary = links.filter(({ detail }) => sameObject(detail.volume, volume.volume));
  const ofJob = links.filter(
    ({ entry, detail }) => entry.jobId === plan.job.id && sameObject(detail.volume, relation.volume),
  );
  await removeOldest(deps, isMirror ? ofThisJob(onPrimary, plan) : onPrimary, isMirror ? keep : 1, fence);
  if (isMirror) await forgetMirrored(deps, relation, ofJob);
  else await removeOldest(deps, ofJob, keep, fence);
}

function ofThisJob(links: readonly Link[], plan: Plan): readonly Link[] {
  return links.filter(({ entry }) => entry.jobId === plan.job.id);
}

/** Kept storage snapshots that went over a relation, oldest first. */
async function linksOf(deps: BackupDeps, relation: string): Promise<readonly Link[]> {
  const entries = (await deps.store.ledger.kept()).filter(({ kind }) => kind === 'storage-snapshot');
  return entries
    .map((entry) => ({ entry, detail: parseColumn(storageSnapshotDetailSchema, entry.detail, entry.id) }))
    .filter(({ detail }) => detail.relation === relation);
}

async function removeOldest(
  deps: BackupDeps,
  links: readonly Link[],
  keep: number,
  fence: Fence,
): Promise<void> {
  for (const { entry, detail } of links.slice(0, Math.max(0, links.length - keep))) {
    const driver = await deps.doors.array(entry.systemId);
    await fence();
    await driver.deleteStorageSnapshot(detail.volume, entry.name);
    await deps.store.ledger.mark(entry.id, 'released');
  }
}

/** A mirror drops by itself what the primary dropped; the journal follows what is really there. */
async function forgetMirrored(
  deps: BackupDeps,
  relation: RelationPlan,
  links: readonly Link[],
): Promise<void> {
  const driver = await deps.doors.array(relation.arrayId);
  for (const { entry } of links.slice(0, -1))
    if (!(await driver.findReplica(relation.volume, entry.name)))
      await deps.store.ledger.mark(entry.id, 'released');
}
