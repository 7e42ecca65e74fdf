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
import {
  type ChainEnds,
  chainState,
  isHandMade,
  type JournaledStorageSnapshot,
  primaryPlace,
  type SeenPlace,
  secondaryPlace,
} from '../backup/chain-state.ts';
import { storageSnapshotLedgerId } from '../backup/storage-snapshot-detail.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { endedRunStates } from '../store/runs.ts';
import { journaledStorageSnapshots } from './known-chains.ts';

/** What an array has with our mark and no journal knows. */
export interface Unjournaled {
  readonly placeId: string;
  readonly storageSnapshot: StorageSnapshot;
}

/** A chain with both its ends, as it is now. */
export interface ReadChain {
  readonly ends: ChainEnds;
  readonly state: ChainState;
  /** Of both ends: what the journal counts as there, oldest first. */
  readonly journal: readonly JournaledStorageSnapshot[];
  /** Of this job by their mark, but in no journal, and no run needs them. */
  readonly unknown: readonly Unjournaled[];
  /** The same of jobs that are no more, or of runs that nobody remembers. */
  readonly ownerless: readonly Unjournaled[];
  /** Kept by the journal for this job or one that is no more, but their array, which answered, has them not any more. */
  readonly gone: readonly JournaledStorageSnapshot[];
}

/** Lists both ends on their arrays, and puts together what they and the journal say. Changes nothing. */
export async function readChain(deps: BackupDeps, ends: ChainEnds): Promise<ReadChain> {
  const { store } = deps;
  const { volume, relation } = ends;
  const here = (id: VolumeId) => [volume.volume, relation?.volume].some((end) => end && sameObject(end, id));
  const journal = (await journaledStorageSnapshots(deps)).filter(({ detail }) => here(detail.volume));
  const primary = await look(deps, volume.arrayId, volume.volume, journal);
  const secondary = relation
    ? await look(deps, relation.arrayId, relation.volume, journal)
    : { locks: noLocks, keepsAuxiliary: false };
  const unknown = [
    ...notJournaled(primary, volume.volume, journal),
    ...(relation ? notJournaled(secondary, relation.volume, journal) : []),
  ];
  const runs = await runsOf(deps, unknown);
  const state = chainState(ends, {
    installationId: store.installationId,
    journal,
    primary,
    secondary,
    keepsAuxiliary: primary.keepsAuxiliary,
    jobOf: (runId) => (isHandMade(runId) ? 'by-hand' : runs.get(runId)?.jobId),
    goesOn: (runId) => runs.get(runId)?.goesOn ?? false,
    nowMs: deps.clock.now(),
  });
  const listedAt = ({ detail }: JournaledStorageSnapshot) =>
    sameObject(detail.volume, volume.volume) ? primary.listed : secondary.listed;
  const jobs = new Set((await store.jobs.list()).map(({ id }) => id));
  const gone = journal.filter((each) => {
    const listed = listedAt(each);
    const { state: kept, jobId, name } = each.entry;
    const isOurs = jobId === ends.job.id || !jobs.has(jobId);
    return isOurs && kept === 'kept' && listed && !listed.some((seen) => seen.name === name);
  });
  const isOwnerless = (runId: string) => !jobs.has(runs.get(runId)?.jobId ?? '');
  const unjournaled = (owner: OwnLink['owner']) => [
    ...unjournaledAt(state, primaryPlace, owner, notJournaled(primary, volume.volume, journal)),
    ...(relation
      ? unjournaledAt(state, secondaryPlace, owner, notJournaled(secondary, relation.volume, journal))
      : []),
  ];
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
  arrayId: string,
  volume: VolumeId,
  journal: readonly JournaledStorageSnapshot[],
): Promise<SeenPlace & { readonly keepsAuxiliary: boolean }> {
  const inventory = await new InventoryCache(deps.store).array(arrayId);
  const locks = inventory?.volumes.find(({ id }) => sameObject(id, volume))?.locks ?? noLocks;
  try {
    const driver = await deps.doors.array(arrayId);
    const { keepsAuxiliarySnapshot: keepsAuxiliary } = driver.capabilities;
    const listed = await driver.listStorageSnapshots(volume);
    return {
      listed: await withoutForgotten(deps, volume, listed, namesAt(journal, volume)),
      locks,
      keepsAuxiliary,
    };
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    // Who decides by it says that it could not be listed; nothing that depends on it is decided.
    return { locks, keepsAuxiliary: true };
  }
}

/** What the journal counts as deleted came late, from a call long given up: the janitor removes it. */
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
    if (entry?.state !== 'released') left.push(each);
  }
  return left;
}

/** Names end with the group; see `storageSnapshotName`. */
export function ledgerIdOf(runId: string, name: string, volume: VolumeId): string {
  return storageSnapshotLedgerId(runId, name.slice(name.lastIndexOf('_') + 1), volume);
}

function notJournaled(
  { listed = [] }: SeenPlace,
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
