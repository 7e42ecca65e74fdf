import { parseOwnership, type StorageSnapshot } from '@leeward/arrays';
import {
  adopt,
  type ChainState,
  type Job,
  type JournaledLink,
  type KeepRule,
  type Link,
  type ListedStorageSnapshot,
  type LockAbility,
  type Place,
  type RelationPlan,
  type RetentionRules,
  type StorageSnapshotRole,
  sameObject,
  type VolumePlan,
} from '@leeward/core';
import type { LedgerEntry } from '../store/ledger.ts';
import type { StorageSnapshotDetail } from './storage-snapshot-detail.ts';
import { relationKey } from './sync-pair.ts';

/** A storage snapshot by the journal that is there or may be. */
export interface JournaledStorageSnapshot {
  readonly entry: LedgerEntry;
  readonly detail: StorageSnapshotDetail;
}

/** What the chains of a job on a volume hang on; without a relation there is the primary only. */
export interface ChainEnds {
  readonly job: Job;
  readonly volume: Pick<VolumePlan, 'volume' | 'arrayId' | 'arrayName' | 'volumeName'>;
  readonly relation?: Pick<
    RelationPlan,
    'id' | 'kind' | 'policy' | 'arrayId' | 'arrayName' | 'volume' | 'volumeName'
  >;
}

/** One end as its array tells it now. */
export interface SeenPlace {
  /** All storage snapshots of the volume, oldest first. Absent: it could not be listed. */
  readonly listed?: readonly StorageSnapshot[];
  readonly locks: LockAbility;
}

export interface SeenChain {
  readonly installationId: string;
  /** Storage snapshots of both volumes that the journal counts as there, of all jobs and relations, oldest first. */
  readonly journal: readonly JournaledStorageSnapshot[];
  readonly primary: SeenPlace;
  /** Ignored where the chain has no relation. */
  readonly secondary: SeenPlace;
  /** As the primary's array says. */
  readonly keepsAuxiliary: boolean;
  /** Job of a run; `by-hand` for what a user made; `undefined` for an unknown one. */
  jobOf(runId: string): string | undefined;
  /** The run goes on, so that what it made is in nobody's chain yet. */
  goesOn(runId: string): boolean;
  readonly nowMs: number;
}

export const primaryPlace = 'primary';
export const secondaryPlace = 'secondary';

/** For people. */
export function placeName({ volume, relation }: ChainEnds, place: string): string {
  const { arrayName, volumeName } = place === secondaryPlace && relation ? relation : volume;
  return `${arrayName}/${volumeName}`;
}

/** Both ends of a relation, or the one of a volume without, as arrays and journal together tell them. */
export function chainState(ends: ChainEnds, seen: SeenChain): ChainState {
  const { relation } = ends;
  const common = { arrayRules: [], refusesDelete: false } as const;
  const primary: Place = {
    ...common,
    id: primaryPlace,
    name: placeName(ends, primaryPlace),
    ...linksAt(ends, seen, primaryPlace),
    locks: seen.primary.locks,
  };
  if (!relation) return { places: [primary] };
  const from = primaryPlace;
  const secondary: Place = {
    ...common,
    id: secondaryPlace,
    name: placeName(ends, secondaryPlace),
    ...linksAt(ends, seen, secondaryPlace),
    locks: seen.secondary.locks,
    feed:
      relation.kind === 'sync'
        ? { kind: 'sync', from }
        : { kind: 'transfer', from, policy: relation.policy, keepsAuxiliary: seen.keepsAuxiliary },
  };
  return { places: [primary, secondary] };
}

/** The storage snapshots at one end that are no other relation's. */
function linksAt(ends: ChainEnds, seen: SeenChain, place: string): { readonly links?: readonly Link[] } {
  const { listed } = place === primaryPlace ? seen.primary : seen.secondary;
  const here = place === primaryPlace ? ends.volume.volume : ends.relation?.volume;
  if (!listed || !here) return {};
  const relation = ends.relation && relationKey(ends.volume.volume, ends.relation);
  const journal = seen.journal.filter(({ detail }) => sameObject(detail.volume, here));
  const isElsewhere = ({ detail }: JournaledStorageSnapshot) =>
    relation !== undefined && detail.relation !== undefined && detail.relation !== relation;
  const elsewhere = new Set(journal.filter(isElsewhere).map(({ entry }) => entry.name));
  const known = new Map(
    journal.filter((each) => !isElsewhere(each)).map((each) => [each.entry.name, each] as const),
  );
  const isPair = ends.relation?.kind === 'sync';
  const role = place === primaryPlace && !isPair ? roleOnPrimary(ends.job) : 'long-term';
  const links = adopt({
    listed: listed
      .filter(({ name }) => !elsewhere.has(name))
      .map((each) => listedAs(each, known.get(each.name)?.entry, seen)),
    journal: [...known.values()].map((each) => journaled(ends, each, role)),
    installationId: seen.installationId,
    jobId: ends.job.id,
    jobOf: seen.jobOf,
    isInUse: (name, runId) => {
      const state = known.get(name)?.entry.state;
      return state === undefined ? seen.goesOn(runId) : state !== 'kept';
    },
    roleOfUnknown: role,
    silentPlaces: ends.relation && !seen.secondary.listed ? [secondaryPlace] : [],
  });
  return { links };
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
    frozenAtMs: entry ? Date.parse(entry.createdAt) : timeOr(createdAt, nowMs),
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
  { job, relation, volume }: ChainEnds,
  { entry, detail }: JournaledStorageSnapshot,
  ownRole: StorageSnapshotRole,
): JournaledLink {
  const isPrimary = sameObject(detail.volume, volume.volume);
  const isKeptOwn = entry.jobId === job.id && entry.state === 'kept';
  return {
    name: entry.name,
    jobId: isHandMade(entry.runId) ? 'by-hand' : entry.jobId,
    role: isPrimary && isKeptOwn && !detail.pair ? ownRole : detail.role,
    // What a chain keeps on the primary went over its relation; what is not sure to have arrived may have.
    arrivedAt: isPrimary && relation ? [secondaryPlace] : [],
    onWayTo: [],
  };
}

/** Of storage snapshots that a user had made; in the place of a run id, also in their mark. */
export const handMadePrefix = 'hand-';

export function isHandMade(runId: string): boolean {
  return runId.startsWith(handMadePrefix);
}

/** A coordinated chain is kept on both sides by the rule for the primary (R7). */
export function retentionRules({ job, relation }: Pick<ChainEnds, 'job' | 'relation'>): RetentionRules {
  const { primaryLockDays, secondaryLockDays } = job;
  const isPair = relation?.kind === 'sync';
  const lock = (lockDays: number | undefined) => (lockDays === undefined ? {} : { lockDays });
  return {
    [primaryPlace]: primaryRule(job)
      ? { keep: primaryRule(job), ...lock(primaryLockDays) }
      : { keep: 'none' },
    [secondaryPlace]: {
      keep: isPair ? (primaryRule(job) ?? 'none') : secondaryRule(job),
      ...lock(secondaryLockDays),
    },
  };
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
