import { parseOwnership, type StorageSnapshot } from '@leeward/arrays';
import {
  adopt,
  type ChainState,
  type Job,
  type JournaledLink,
  type KeepRule,
  keepsChainOnSecondary,
  type Link,
  type ListedStorageSnapshot,
  type LockAbility,
  type Place,
  type RetentionRules,
  type StorageSnapshotRole,
  sameObject,
} from '@leeward/core';
import type { LedgerEntry } from '../store/ledger.ts';
import {
  type ChainEnds,
  type ChainPlace,
  chainPlaces,
  middlePlace,
  placeName,
  primaryPlace,
  secondaryPlace,
  sideOf,
} from './chain-places.ts';
import type { StorageSnapshotDetail } from './storage-snapshot-detail.ts';
import { relationKey } from './sync-pair.ts';

/** A storage snapshot by the journal that is there or may be. */
export interface JournaledStorageSnapshot {
  readonly entry: LedgerEntry;
  readonly detail: StorageSnapshotDetail;
}

/** One place as its array tells it now. */
export interface SeenPlace {
  /** All storage snapshots of the volume, oldest first. Absent: it could not be listed. */
  readonly listed?: readonly StorageSnapshot[];
  /** The array's own time, Unix milliseconds; absent where it does not tell. */
  readonly timeMs?: number;
  readonly locks: LockAbility;
  /** The array keeps what was transferred last as the base of the next transfer from here. */
  readonly keepsAuxiliary: boolean;
}

export interface SeenChain {
  readonly installationId: string;
  /** Storage snapshots of its volumes that the journal counts as there, of all jobs and relations, oldest first. */
  readonly journal: readonly JournaledStorageSnapshot[];
  /** By `ChainPlace.id`, every one of the chain. */
  readonly places: ReadonlyMap<string, SeenPlace>;
  /** Job of a run; `by-hand` for what a user made; `undefined` for an unknown one. */
  jobOf(runId: string): string | undefined;
  /** The run goes on, so that what it made is in nobody's chain yet. */
  goesOn(runId: string): boolean;
  readonly nowMs: number;
}

/** All places of the chain, as arrays and journal together tell them. */
export function chainState(ends: ChainEnds, seen: SeenChain): ChainState {
  return {
    places: chainPlaces(ends).map(
      (place): Place => ({
        ...{ arrayRules: [], refusesDelete: false },
        id: place.id,
        name: placeName(ends, place.id),
        ...linksAt(ends, seen, place),
        ...timeOf(seenAt(seen, place.id)),
        locks: seenAt(seen, place.id).locks,
        ...feedOf(ends, seen, place),
      }),
    ),
  };
}

function seenAt({ places }: SeenChain, placeId: string): SeenPlace {
  const seen = places.get(placeId);
  if (!seen) throw new RangeError(`nobody looked at the place ${placeId}`);
  return seen;
}

function feedOf({ relation }: ChainEnds, seen: SeenChain, { fed }: ChainPlace): Pick<Place, 'feed'> {
  if (!fed) return {};
  const { from, by } = fed;
  if (relation?.kind === 'sync') return { feed: { kind: 'sync', from } };
  const { keepsAuxiliary } = seenAt(seen, from);
  return { feed: { kind: 'transfer', from, policy: by.policy, keepsAuxiliary } };
}

function timeOf({ timeMs }: SeenPlace): { readonly arrayNowMs?: number } {
  return timeMs === undefined ? {} : { arrayNowMs: timeMs };
}

/** The storage snapshots at a place that are no other relation's. */
function linksAt(ends: ChainEnds, seen: SeenChain, place: ChainPlace): { readonly links?: readonly Link[] } {
  const { listed } = seenAt(seen, place.id);
  if (!listed) return {};
  const relation = ends.relation && relationKey(ends.volume.volume, ends.relation);
  const journal = seen.journal.filter(({ detail }) => sameObject(detail.volume, place.end.volume));
  const isElsewhere = ({ detail }: JournaledStorageSnapshot) =>
    relation !== undefined && detail.relation !== undefined && detail.relation !== relation;
  const elsewhere = new Set(journal.filter(isElsewhere).map(({ entry }) => entry.name));
  const known = new Map(
    journal.filter((each) => !isElsewhere(each)).map((each) => [each.entry.name, each] as const),
  );
  const role = roleAt(ends, place.id);
  const links = adopt({
    listed: listed
      .filter(({ name }) => !elsewhere.has(name))
      .map((each) => listedAs(each, known.get(each.name)?.entry, seen)),
    journal: [...known.values()].map((each) => ({
      ...journaled(ends, each, role),
      arrivedAt: arrivedAt(ends, seen, place, each),
    })),
    installationId: seen.installationId,
    jobId: ends.job.id,
    jobOf: seen.jobOf,
    isInUse: (name, runId) => {
      const state = known.get(name)?.entry.state;
      return state === undefined ? seen.goesOn(runId) : state !== 'kept';
    },
    roleOfUnknown: role,
    silentPlaces: [...seen.places].flatMap(([id, each]) => (each.listed ? [] : [id])),
  });
  return { links };
}

/** What a storage snapshot of the job is that stays at a place: only the ends of a chain have links. */
export function roleAt({ job, relation }: ChainEnds, placeId: string): StorageSnapshotRole {
  if (sideOf(placeId) === 'middle') return 'auxiliary';
  return placeId === primaryPlace && relation?.kind !== 'sync' ? roleOnPrimary(job) : 'long-term';
}

/**
 * Where one may have gone from here. What a chain keeps on the primary went over its relation; what is not sure to have
 * arrived may have. Of a cascade some hops may have been made and others not, which the journal tells; a mirror takes
 * what is there without being asked.
 */
function arrivedAt(
  ends: ChainEnds,
  seen: SeenChain,
  place: ChainPlace,
  { entry: { name }, detail: { alone } }: JournaledStorageSnapshot,
): readonly string[] {
  const places = chainPlaces(ends);
  const next = places.find(({ fed }) => fed?.from === place.id);
  if (!next?.fed) return [];
  const isMirror = next.fed.by.policy === 'mirror';
  if (alone && !isMirror) return [];
  const isCertain = places.length === 2 || isMirror;
  const isThere = ({ entry, detail }: JournaledStorageSnapshot) =>
    entry.name === name && sameObject(detail.volume, next.end.volume);
  return isCertain || seen.journal.some(isThere) ? [next.id] : [];
}

/** Our mark does not always travel with a transfer: without any comment the journal says whose it is. */
function listedAs(
  { name, createdAt, comment, label, lockedUntil, heldBy }: StorageSnapshot,
  entry: LedgerEntry | undefined,
  { installationId, nowMs }: SeenChain,
): ListedStorageSnapshot {
  const mark = comment === '' && entry ? { installationId, runId: entry.runId } : parseOwnership(comment);
  return {
    name,
    // By the array's clock, as its time is; what it does not tell the journal has by ours.
    frozenAtMs: timeOr(createdAt, entry ? Date.parse(entry.createdAt) : nowMs),
    heldBy,
    ...(lockedUntil === undefined ? {} : { lockedUntilMs: timeOr(lockedUntil, Number.POSITIVE_INFINITY) }),
    ...(label === undefined ? {} : { label }),
    ...(mark ? { mark } : {}),
  };
}

function timeOr(time: string, otherwiseMs: number): number {
  const epochMs = Date.parse(time);
  return Number.isNaN(epochMs) ? otherwiseMs : epochMs;
}

function journaled(
  { job, volume }: ChainEnds,
  { entry, detail }: JournaledStorageSnapshot,
  ownRole: StorageSnapshotRole,
): Omit<JournaledLink, 'arrivedAt'> {
  const isPrimary = sameObject(detail.volume, volume.volume);
  const isKeptOwn = entry.jobId === job.id && entry.state === 'kept';
  return {
    name: entry.name,
    jobId: isHandMade(entry.runId) ? 'by-hand' : entry.jobId,
    role: isPrimary && isKeptOwn && !detail.pair ? ownRole : detail.role,
    onWayTo: [],
  };
}

/** Of storage snapshots that a user had made; in the place of a run id, also in their mark. */
export const handMadePrefix = 'hand-';

export function isHandMade(runId: string): boolean {
  return runId.startsWith(handMadePrefix);
}

/**
 * A coordinated chain is kept on both sides by the rule for the primary (R7); where a snapshot-only job has none for that,
 * by the one for the secondary.
 */
export function retentionRules({ job, relation }: Pick<ChainEnds, 'job' | 'relation'>): RetentionRules {
  const { primaryLockDays, secondaryLockDays } = job;
  const isPair = relation?.kind === 'sync';
  const lock = (lockDays: number | undefined) => (lockDays === undefined ? {} : { lockDays });
  return {
    [primaryPlace]: primaryRule(job)
      ? { keep: primaryRule(job), ...lock(primaryLockDays) }
      : { keep: 'none' },
    ...Object.fromEntries((relation?.via ?? []).map((_, at) => [middlePlace(at + 1), { keep: 'none' }])),
    [secondaryPlace]: {
      keep: isPair ? pairRule(job) : keepsChainOnSecondary(job) ? secondaryRule(job) : 'none',
      ...lock(secondaryLockDays),
    },
  };
}

function pairRule(job: Job): KeepRule | 'none' {
  return primaryRule(job) ?? (job.snapshotOnly ? secondaryRule(job) : 'none');
}

function secondaryRule({ secondaryKeep, secondaryKeepDays: days }: Job): KeepRule {
  return { count: Math.max(1, secondaryKeep), ...(days === undefined ? {} : { days }) };
}

/** `undefined`: the job keeps no long-term chain on the primary. */
function primaryRule({ primaryKeep: count, primaryKeepDays: days }: Job): KeepRule | undefined {
  if (count !== undefined) return { count, ...(days === undefined ? {} : { days }) };
  return days === undefined ? undefined : { days };
}

/**
 * What the job's own transferred storage snapshots on the primary are: links of its chain there, where it keeps one.
 * Decided anew each time, so that it may begin or end to keep one.
 */
export function roleOnPrimary(job: Job): StorageSnapshotRole {
  return primaryRule(job) ? 'long-term' : 'auxiliary';
}
