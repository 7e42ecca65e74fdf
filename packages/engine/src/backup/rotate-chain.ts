import {
  isoTime,
  LeewardError,
  type LockOrder,
  type Plan,
  type RelationPlan,
  type Removal,
  reportOf,
  retain,
  sameObject,
  type VolumePlan,
} from '@leeward/core';
import { type ReadChain, readChain } from '../chains/read-chain.ts';
import { removeLink } from '../chains/remove-link.ts';
import { takeIn } from '../chains/take-in.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { Fence } from '../janitor/release.ts';
import type { BackupDeps } from './backup-deps.ts';
import {
  isHandMade,
  type JournaledStorageSnapshot,
  placeName,
  primaryPlace,
  retentionRules,
  roleOnPrimary,
  secondaryPlace,
} from './chain-state.ts';
import { relationKey } from './sync-pair.ts';

/**
 * Retention of the two chains of a relation after a transfer (R5, R9), as `retain` decides from what is on the arrays
 * now: on the primary the newest transferred storage snapshot stays as base of the next transfer and the ones before it
 * go; on the secondary the newest `secondaryKeep` of the job stay, or by days; a job may keep a chain on the primary
 * too, and lock either. A mirror keeps what the primary keeps, so there the count applies to the primary. No chain is
 * ever shorter than 1, and what is locked or held is not tried. What does not work is an event of the run, never its
 * failure: the next rotation makes it up.
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
    const ends = { job: plan.job, volume, relation };
    const seen = await readChain(deps, ends);
    await forgetGone(deps, runId, seen);
    const chain = (await takeIn(deps, seen)) ? await readChain(deps, ends) : seen;
    const { lock, remove, warnings } = retain(chain.state, retentionRules(ends), deps.clock.now());
    await noteRoles(deps, chain);
    for (const warning of warnings) await deps.store.runLog.event(runId, '', warning);
    for (const order of lock) await lockLink(deps, runId, chain, order, fence);
    // One side may refuse: the other is seen to all the same.
    await noting(() => removeLinks(deps, chain, remove, secondaryPlace, fence));
    await noting(() => removeLinks(deps, chain, remove, primaryPlace, fence));
  });
}

/**
 * What is on its array no more leaves the journal. A mirror drops by itself what the primary dropped; else somebody
 * deleted it, which the run says.
 */
async function forgetGone(deps: BackupDeps, runId: string, { ends, gone }: ReadChain): Promise<void> {
  const { job, relation } = ends;
  for (const { entry, detail } of gone) {
    const isSecondary = relation !== undefined && sameObject(detail.volume, relation.volume);
    const isMirrored = isSecondary && relation.policy === 'mirror';
    if (!isMirrored && entry.jobId === job.id) {
      const details = {
        name: entry.name,
        place: placeName(ends, isSecondary ? secondaryPlace : primaryPlace),
      };
      await deps.store.runLog.event(runId, '', new LeewardError('L-RUN-141', details));
    }
    await deps.store.ledger.mark(entry.id, 'released');
  }
}

/** What the job's storage snapshots on the primary are now is told everywhere, as it may change with the job. */
async function noteRoles(deps: BackupDeps, { ends, journal }: ReadChain): Promise<void> {
  const { job, volume } = ends;
  const role = roleOnPrimary(job);
  for (const each of journal.filter((known) => isLinkOf(known, ends))) {
    const { entry, detail } = each;
    if (detail.pair || entry.jobId !== job.id || detail.role === role) continue;
    if (sameObject(detail.volume, volume.volume))
      await deps.store.ledger.mark(entry.id, 'kept', { ...detail, role });
  }
}

/** Kept by a chain of this relation. */
function isLinkOf(
  { entry, detail }: JournaledStorageSnapshot,
  { volume, relation }: ReadChain['ends'],
): boolean {
  const isOfRelation = relation !== undefined && detail.relation === relationKey(volume.volume, relation);
  return entry.state === 'kept' && isOfRelation && !isHandMade(entry.runId);
}

async function lockLink(
  deps: BackupDeps,
  runId: string,
  { ends }: ReadChain,
  { placeId, name, untilMs }: LockOrder,
  fence: Fence,
): Promise<void> {
  const end = placeId === secondaryPlace && ends.relation ? ends.relation : ends.volume;
  try {
    const driver = await deps.doors.array(end.arrayId);
    await fence();
    if (driver.locks) await driver.locks.lock(end.volume, name, untilMs);
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    const details = { name, place: placeName(ends, placeId), until: isoTime(untilMs) };
    const problem = new LeewardError('L-RUN-142', { ...details, reason: reportOf(error).what });
    await deps.store.runLog.event(runId, '', problem);
  }
}

/** Both halves of a coordinated storage snapshot go at once, with the primary's. */
async function removeLinks(
  deps: BackupDeps,
  chain: ReadChain,
  removals: readonly Removal[],
  place: string,
  fence: Fence,
): Promise<void> {
  const isPair = chain.ends.relation?.kind === 'sync';
  const namesAt = (side: string) =>
    removals.filter(({ placeId }) => placeId === side).map(({ link }) => link.name);
  const withPrimary = new Set(isPair && place === secondaryPlace ? namesAt(primaryPlace) : []);
  for (const name of namesAt(place)) {
    if (withPrimary.has(name)) continue;
    await fence();
    await removeLink(deps, chain, place, name);
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
