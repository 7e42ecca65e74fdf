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
import { knownChains } from '../chains/known-chains.ts';
import { type ReadChain, readChain } from '../chains/read-chain.ts';
import { removeLink } from '../chains/remove-link.ts';
import { takeIn } from '../chains/take-in.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { Fence } from '../janitor/release.ts';
import type { BackupDeps } from './backup-deps.ts';
import {
  type ChainEnds,
  chainPlaces,
  endAt,
  placeName,
  placeOfVolume,
  primaryPlace,
  secondaryPlace,
} from './chain-places.ts';
import { isHandMade, type JournaledStorageSnapshot, retentionRules, roleOnPrimary } from './chain-state.ts';
import { relationKey } from './sync-pair.ts';

/**
 * Retention of the chains of a relation after a transfer (R5, R9), as `retain` decides from what is on the arrays now:
 * on the primary, and in the middle of a cascade, the newest transferred storage snapshot stays as base of the next
 * transfer and the ones before it go; on the secondary the newest `secondaryKeep` of the job stay, or by days; a job may
 * keep a chain on the primary too, and lock either. A mirror keeps what feeds it keeps, so there the count applies one
 * place before. No chain is ever shorter than 1, and what is locked or held is not tried. What does not work is an event
 * of the run, never its failure: the next rotation makes it up.
 * @param silent arrays that do not answer, of which nothing is asked any more
 */
export async function rotateChains(
  deps: BackupDeps,
  runId: string,
  plan: Plan,
  volume: VolumePlan,
  relation: RelationPlan | undefined,
  fence: Fence,
  silent: Set<string> = new Set(),
): Promise<void> {
  await noteFailure(deps, runId, volume, async () => {
    for (const ends of await chainsOf(deps, plan.job, volume, relation))
      await rotate(deps, runId, volume, ends, { fence, silent });
  });
}

/** Without a relation: all that the job has there, also what is left of a chain that it no longer asks for. */
async function chainsOf(
  deps: BackupDeps,
  job: Plan['job'],
  volume: VolumePlan,
  relation: RelationPlan | undefined,
): Promise<readonly ChainEnds[]> {
  if (relation) return [{ job, volume, relation }];
  const known = (await knownChains(deps, job)).chains;
  const here = known.filter((ends) => sameObject(ends.volume.volume, volume.volume));
  return here.length > 0 ? here : [{ job, volume }];
}

async function rotate(
  deps: BackupDeps,
  runId: string,
  volume: VolumePlan,
  ends: ChainEnds,
  { fence, silent }: { readonly fence: Fence; readonly silent: Set<string> },
): Promise<void> {
  const noting = (work: () => Promise<void>) => noteFailure(deps, runId, volume, work);
  await noting(async () => {
    const seen = await readChain(deps, ends, silent);
    await forgetGone(deps, runId, seen);
    const chain = (await takeIn(deps, seen)) ? await readChain(deps, ends, silent) : seen;
    const { lock, remove, warnings } = retain(chain.state, retentionRules(ends), deps.clock.now());
    await noteRoles(deps, chain);
    for (const warning of warnings) await deps.store.runLog.event(runId, '', warning);
    for (const order of lock) await lockLink(deps, runId, chain, order, fence);
    // One place may refuse: the others are seen to all the same.
    for (const { id } of chainPlaces(ends).toReversed())
      await noting(() => removeLinks(deps, chain, remove, id, fence));
  });
}

/**
 * What is on its array no more leaves the journal. A mirror drops by itself what its source dropped, and the next update
 * brings again what the source still has; else somebody deleted it, which the run says.
 */
async function forgetGone(deps: BackupDeps, runId: string, seen: ReadChain): Promise<void> {
  const { ends, gone, state } = seen;
  const isAt = (placeId: string, name: string) =>
    state.places.some(({ id, links = [] }) => id === placeId && links.some((link) => link.name === name));
  for (const { entry, detail } of gone) {
    const place = placeOfVolume(ends, detail.volume);
    const isMirrored = place?.fed?.by.policy === 'mirror';
    if (isMirrored && isAt(place.fed.from, entry.name)) continue;
    if (place && !isMirrored && entry.jobId === ends.job.id) {
      const details = { name: entry.name, place: placeName(ends, place.id) };
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
  const end = endAt(ends, placeId);
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
