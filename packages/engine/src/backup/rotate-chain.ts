import {
  LeewardError,
  objectKey,
  type Plan,
  type RelationPlan,
  type Removal,
  reportOf,
  retain,
  sameObject,
  type VolumePlan,
} from '@leeward/core';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { Fence } from '../janitor/release.ts';
import { parseColumn } from '../store/json.ts';
import type { BackupDeps } from './backup-deps.ts';
import {
  chainState,
  type JournaledStorageSnapshot,
  primaryPlace,
  retentionRules,
  roleOnPrimary,
  secondaryPlace,
} from './chain-state.ts';
import { storageSnapshotDetailSchema } from './storage-snapshot-step.ts';

/**
 * Retention of the two chains of a relation after a transfer (R5, R9), as `retain` decides: on the primary the newest
 * transferred storage snapshot stays as base of the next transfer and the ones before it go; on the secondary the
 * newest `secondaryKeep` of the job stay, or by days; a job may keep a chain on the primary too. A mirror keeps what the primary keeps, so there the count applies to the
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
  const noting = (work: () => Promise<void>) => noteFailure(deps, runId, volume, work);
  await noting(async () => {
    const kept = await linksOf(deps, objectKey(relation.id));
    const { capabilities } = await deps.doors.array(volume.arrayId);
    const state = chainState(plan, volume, relation, kept, capabilities.keepsAuxiliarySnapshot);
    const { remove, warnings } = retain(state, retentionRules(plan.job), deps.clock.now());
    await noteRoles(deps, plan, volume, kept);
    for (const warning of warnings) await deps.store.runLog.event(runId, '', warning);
    // One side may refuse or be silent: the other is seen to all the same.
    await noting(() => removeLinks(deps, kept, remove, primaryPlace, volume.volume, fence));
    await noting(() => removeLinks(deps, kept, remove, secondaryPlace, relation.volume, fence));
    if (relation.policy === 'mirror') await forgetMirrored(deps, plan, relation, kept);
  });
}

/** What the job's storage snapshots on the primary are now is told everywhere, as it may change with the job. */
async function noteRoles(
  deps: BackupDeps,
  plan: Plan,
  volume: VolumePlan,
  kept: readonly JournaledStorageSnapshot[],
): Promise<void> {
  const role = roleOnPrimary(plan.job);
  for (const { entry, detail } of kept) {
    if (entry.jobId !== plan.job.id || !sameObject(detail.volume, volume.volume)) continue;
    if (detail.role !== role) await deps.store.ledger.mark(entry.id, 'kept', { ...detail, role });
  }
}

async function noteFailure(
  deps: BackupDeps,
  runId: string,
  volume: VolumePlan,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    const details = { volume: volume.volumeName, reason: reportOf(error).what };
    await deps.store.runLog.event(runId, '', new LeewardError('L-RUN-111', details));
  }
}

/** Kept storage snapshots that went over a relation, oldest first. */
async function linksOf(deps: BackupDeps, relation: string): Promise<readonly JournaledStorageSnapshot[]> {
  const entries = (await deps.store.ledger.kept()).filter(({ kind }) => kind === 'storage-snapshot');
  return entries
    .map((entry) => ({ entry, detail: parseColumn(storageSnapshotDetailSchema, entry.detail, entry.id) }))
    .filter(({ detail }) => detail.relation === relation);
}

async function removeLinks(
  deps: BackupDeps,
  kept: readonly JournaledStorageSnapshot[],
  removals: readonly Removal[],
  place: string,
  volume: VolumePlan['volume'],
  fence: Fence,
): Promise<void> {
  for (const { link } of removals.filter(({ placeId }) => placeId === place)) {
    const found = kept.find(
      ({ entry, detail }) => entry.name === link.name && sameObject(detail.volume, volume),
    );
    if (!found) continue;
    const driver = await deps.doors.array(found.entry.systemId);
    await fence();
    await driver.deleteStorageSnapshot(volume, link.name);
    await deps.store.ledger.mark(found.entry.id, 'released');
  }
}

/** A mirror drops by itself what the primary dropped; the journal follows what is really there. */
async function forgetMirrored(
  deps: BackupDeps,
  plan: Plan,
  relation: RelationPlan,
  kept: readonly JournaledStorageSnapshot[],
): Promise<void> {
  const driver = await deps.doors.array(relation.arrayId);
  const links = kept.filter(
    ({ entry, detail }) => entry.jobId === plan.job.id && sameObject(detail.volume, relation.volume),
  );
  for (const { entry } of links.slice(0, -1))
    if (!(await driver.findReplica(relation.volume, entry.name)))
      await deps.store.ledger.mark(entry.id, 'released');
}
