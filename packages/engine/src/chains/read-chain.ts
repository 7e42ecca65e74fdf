import { parseOwnership, type StorageSnapshot } from '@leeward/arrays';
import {
  type ChainState,
  isError,
  isOwn,
  type LockAbility,
  type OwnLink,
  sameObject,
  type VolumeId,
} from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { type ChainEnd, type ChainEnds, chainPlaces, placeOfVolume } from '../backup/chain-places.ts';
import {
  chainState,
  isHandMade,
  type JournaledStorageSnapshot,
  type SeenPlace,
} from '../backup/chain-state.ts';
import { mayComeLater, storageSnapshotLedgerId } from '../backup/storage-snapshot-detail.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { isSilence } from '../janitor/adopt-replicas.ts';
import { endedRunStates } from '../store/runs.ts';
import { journaledStorageSnapshots } from './known-chains.ts';

/** What an array has with our mark and no journal knows. */
export interface Unjournaled {
  readonly placeId: string;
  readonly storageSnapshot: StorageSnapshot;
}

/** A chain with all its places, as it is now. */
export interface ReadChain {
  readonly ends: ChainEnds;
  readonly state: ChainState;
  /** Of all places: what the journal counts as there, oldest first. */
  readonly journal: readonly JournaledStorageSnapshot[];
  /** Of this job by their mark, but in no journal, and no run needs them. */
  readonly unknown: readonly Unjournaled[];
  /** The same of jobs that are no more, or of runs that nobody remembers. */
  readonly ownerless: readonly Unjournaled[];
  /** Kept by the journal for this job or one that is no more, but their array, which answered, has them not any more. */
  readonly gone: readonly JournaledStorageSnapshot[];
}

/**
 * Lists every place on its array, and puts together what they and the journal say. Changes nothing.
 * @param silent arrays that do not answer: each is waited for once, not once for each of its volumes
 */
export async function readChain(
  deps: BackupDeps,
  ends: ChainEnds,
  silent: Set<string> = new Set(),
): Promise<ReadChain> {
  const { store } = deps;
  const all = chainPlaces(ends);
  const journal = (await journaledStorageSnapshots(deps)).filter(({ detail }) =>
    placeOfVolume(ends, detail.volume),
  );
  const places = new Map<string, SeenPlace>();
  for (const { id, end } of all) places.set(id, await look(deps, end, journal, silent));
  const listedAt = (id: string) => places.get(id)?.listed;
  const notJournaledAt = (id: string, volume: VolumeId) => notJournaled(listedAt(id), volume, journal);
  const runs = await runsOf(
    deps,
    all.flatMap(({ id, end }) => notJournaledAt(id, end.volume)),
  );
  const state = chainState(ends, {
    ...{ installationId: store.installationId, journal, places },
    jobOf: (runId) => (isHandMade(runId) ? 'by-hand' : runs.get(runId)?.jobId),
    goesOn: (runId) => runs.get(runId)?.goesOn ?? false,
    nowMs: deps.clock.now(),
  });
  const jobs = new Set((await store.jobs.list()).map(({ id }) => id));
  const gone = journal.filter((each) => {
    const listed = listedAt(placeOfVolume(ends, each.detail.volume)?.id ?? '');
    const { state: kept, jobId, name } = each.entry;
    const isOurs = jobId === ends.job.id || !jobs.has(jobId);
    return isOurs && kept === 'kept' && listed && !listed.some((seen) => seen.name === name);
  });
  const isOwnerless = (runId: string) => !jobs.has(runs.get(runId)?.jobId ?? '');
  const unjournaled = (owner: OwnLink['owner']) =>
    all.flatMap(({ id, end }) => unjournaledAt(state, id, owner, notJournaledAt(id, end.volume)));
  return {
    ...{ ends, state, gone, journal: journal.filter((each) => !gone.includes(each)) },
    unknown: unjournaled('this-job'),
    ownerless: unjournaled('other-job').filter(({ storageSnapshot: { comment } }) =>
      isOwnerless(parseOwnership(comment)?.runId ?? ''),
    ),
  };
}

function unjournaledAt(
  { places }: ChainState,
  placeId: string,
  owner: OwnLink['owner'],
  listed: readonly StorageSnapshot[],
): readonly Unjournaled[] {
  const links = places.find(({ id }) => id === placeId)?.links ?? [];
  const own = links.filter((link) => isOwn(link) && link.owner === owner && !link.inUse);
  const names = new Set(own.map(({ name }) => name));
  return listed
    .filter(({ name }) => names.has(name))
    .map((storageSnapshot) => ({ placeId, storageSnapshot }));
}

const noLocks: LockAbility = { possible: false, why: 'this family of arrays has no locks.' };

/** One volume as its array tells it; nothing listed where it does not answer. */
async function look(
  deps: BackupDeps,
  { arrayId, volume }: ChainEnd,
  journal: readonly JournaledStorageSnapshot[],
  silent: Set<string>,
): Promise<SeenPlace> {
  const inventory = await new InventoryCache(deps.store).array(arrayId);
  const locks = inventory?.volumes.find(({ id }) => sameObject(id, volume))?.locks ?? noLocks;
  // Who decides by it says that it could not be listed; nothing that depends on it is decided.
  const unlisted: SeenPlace = { locks, keepsAuxiliary: true };
  if (silent.has(arrayId)) return unlisted;
  try {
    const driver = await deps.doors.array(arrayId);
    const { keepsAuxiliarySnapshot: keepsAuxiliary } = driver.capabilities;
    const listed = await driver.listStorageSnapshots(volume);
    const timeMs = await driver.timeMs();
    return {
      ...(timeMs === undefined ? {} : { timeMs }),
      listed: await withoutForgotten(deps, volume, listed, namesAt(journal, volume)),
      locks,
      keepsAuxiliary,
    };
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    if (isSilence(error)) silent.add(arrayId);
    return unlisted;
  }
}

/**
 * What the journal counts as deleted came late, from a call long given up: the janitor removes it. What a mirror took
 * by itself is of the chain.
 */
async function withoutForgotten(
  { store }: BackupDeps,
  volume: VolumeId,
  listed: readonly StorageSnapshot[],
  known: ReadonlySet<string>,
): Promise<readonly StorageSnapshot[]> {
  const left: StorageSnapshot[] = [];
  for (const each of listed) {
    const owner = parseOwnership(each.comment);
    const isOurs = owner?.installationId === store.installationId && !known.has(each.name);
    const entry = isOurs ? await store.ledger.get(ledgerIdOf(owner.runId, each.name, volume)) : undefined;
    if (entry?.state !== 'released' || mayComeLater(entry)) left.push(each);
  }
  return left;
}

/** Names end with the group; see `storageSnapshotName`. */
export function ledgerIdOf(runId: string, name: string, volume: VolumeId): string {
  return storageSnapshotLedgerId(runId, name.slice(name.lastIndexOf('_') + 1), volume);
}

function notJournaled(
  listed: readonly StorageSnapshot[] = [],
  volume: VolumeId,
  journal: readonly JournaledStorageSnapshot[],
): readonly StorageSnapshot[] {
  const names = namesAt(journal, volume);
  return listed.filter(({ name }) => !names.has(name));
}

function namesAt(journal: readonly JournaledStorageSnapshot[], volume: VolumeId): ReadonlySet<string> {
  return new Set(
    journal.filter(({ detail }) => sameObject(detail.volume, volume)).map(({ entry }) => entry.name),
  );
}

interface RunFacts {
  readonly jobId: string;
  readonly goesOn: boolean;
}

/** Of those runs in the marks that the store knows. */
async function runsOf(
  { store }: BackupDeps,
  listed: readonly StorageSnapshot[],
): Promise<ReadonlyMap<string, RunFacts>> {
  const ids = new Set(listed.flatMap(({ comment }) => parseOwnership(comment)?.runId ?? []));
  const runs = new Map<string, RunFacts>();
  for (const id of ids) {
    try {
      const { jobId, state } = await store.runs.get(id);
      runs.set(id, { jobId, goesOn: !endedRunStates.includes(state) });
    } catch (error) {
      if (!isError(error, 'L-RUN-105')) throw error;
    }
  }
  return runs;
}
