import {
  type ChainState,
  type Job,
  type KeepRule,
  type OwnLink,
  type Place,
  type Plan,
  type RelationPlan,
  type RetentionRules,
  type StorageSnapshotRole,
  sameObject,
  type VolumePlan,
} from '@leeward/core';
import type { LedgerEntry } from '../store/ledger.ts';
import type { StorageSnapshotDetail } from './storage-snapshot-step.ts';

/** A kept storage snapshot by the journal. */
export interface JournaledStorageSnapshot {
  readonly entry: LedgerEntry;
  readonly detail: StorageSnapshotDetail;
}

export const primaryPlace = 'primary';
export const secondaryPlace = 'secondary';

/**
 * Both ends of a relation as the journal knows them, for retention.
 * @param kept what went over the relation, of all jobs, oldest first
 * @param keepsAuxiliary as the primary's array says
 */
export function chainState(
  plan: Pick<Plan, 'job'>,
  volume: Pick<VolumePlan, 'volume' | 'arrayName' | 'volumeName'>,
  relation: RelationPlan,
  kept: readonly JournaledStorageSnapshot[],
  keepsAuxiliary: boolean,
): ChainState {
  const at = (id: VolumePlan['volume']) => kept.filter(({ detail }) => sameObject(detail.volume, id));
  const onSecondary = at(relation.volume);
  const arrived = new Set(onSecondary.map(({ entry }) => entry.name));
  const linksOf = (all: readonly JournaledStorageSnapshot[]) =>
    all.map((each) => linkOf(each, plan.job.id, arrived.has(each.entry.name) ? [secondaryPlace] : []));
  // Locks are not asked for yet, and no label is given that a rule of the array could choose by.
  const common = { arrayRules: [], refusesDelete: false, locks: { possible: false, why: '' } } as const;
  const primary: Place = {
    ...common,
    id: primaryPlace,
    name: `${volume.arrayName}/${volume.volumeName}`,
    links: linksOf(at(volume.volume)).map((link) =>
      link.owner === 'this-job' ? { ...link, role: roleOnPrimary(plan.job) } : link,
    ),
  };
  const secondary: Place = {
    ...common,
    id: secondaryPlace,
    name: `${relation.arrayName}/${relation.volumeName}`,
    links: linksOf(onSecondary),
    feed: { kind: 'transfer', from: primaryPlace, policy: relation.policy, keepsAuxiliary },
  };
  return { places: [primary, secondary] };
}

function linkOf({ entry, detail }: JournaledStorageSnapshot, jobId: string, arrivedAt: string[]): OwnLink {
  return {
    name: entry.name,
    owner: entry.jobId === jobId ? 'this-job' : 'other-job',
    role: detail.role,
    frozenAtMs: Date.parse(entry.createdAt),
    heldBy: [],
    inUse: false,
    lostOn: [],
    arrivedAt,
    onWayTo: [],
  };
}

export function retentionRules(job: Job): RetentionRules {
  return {
    [primaryPlace]: { keep: primaryRule(job) ?? 'none' },
    [secondaryPlace]: { keep: secondaryRule(job) },
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
