import { type ErrorReport, LeewardError, reportOf } from '../errors/leeward-error.ts';
import type { GroupMember, WhyFull } from './groups.ts';
import type { Job } from './job.ts';
import { type LimitedPlace, type Limits, limitDefaults, placeText } from './limits.ts';
import { estimateLifetime, type SnapshotTimes } from './snapshot-lifetime.ts';

/** What is known of a VM that decides with whom it may share a storage snapshot. */
export interface GroupFacts {
  readonly name: string;
  readonly places: readonly LimitedPlace[];
  readonly times: SnapshotTimes;
  readonly isOnVmfs: boolean;
}

export interface GroupCuts {
  readonly whyFull: WhyFull;
  /** How long the VMware snapshots of a group are expected to exist. */
  lifetimeMs(members: readonly GroupMember[]): number;
  /** A group that is expected to exceed the budget although it has one VM only. */
  overBudget(members: readonly GroupMember[]): ErrorReport | undefined;
}

/**
 * What ends a group: the job's number of VMs for each storage snapshot (R12), the limits on VMware snapshots that exist
 * at once, which a group needs all of at the same time, and the job's budget for their lifetime.
 */
export function groupCuts(
  job: Job,
  factsOf: (vmKey: string) => GroupFacts | undefined,
  limits: Limits = limitDefaults,
): GroupCuts {
  const { vmsPerStorageSnapshot: most, vmwareSnapshotBudgetMs: budgetMs } = job;
  const facts = (members: readonly GroupMember[]) => members.flatMap(({ vmKey }) => factsOf(vmKey) ?? []);
  const lifetimeMs = (members: readonly GroupMember[]) => {
    const known = facts(members);
    const pauseMs = known.some(({ isOnVmfs }) => isOnVmfs) ? job.settlePauseMs : 0;
    return estimateLifetime(
      known.map(({ times }) => times),
      pauseMs,
    );
  };
  return {
    lifetimeMs,
    whyFull(members, next) {
      const vm = factsOf(next.vmKey)?.name ?? next.vmKey;
      if (most !== undefined && members.length >= most) return report('L-PLN-180', { vm, limit: most });
      const crowded = crowdedPlace(facts([...members, next]), limits);
      if (crowded) return report('L-PLN-182', { vm, place: placeText(crowded, limits) });
      const estimateMs = budgetMs === undefined ? 0 : lifetimeMs([...members, next]);
      if (budgetMs !== undefined && estimateMs > budgetMs)
        return report('L-PLN-181', { vm, estimate: seconds(estimateMs), budget: seconds(budgetMs) });
      return undefined;
    },
    overBudget(members) {
      const [only] = facts(members);
      if (!only || members.length > 1 || budgetMs === undefined) return undefined;
      const estimateMs = lifetimeMs(members);
      if (estimateMs <= budgetMs) return undefined;
      const details = { vm: only.name, estimate: seconds(estimateMs), budget: seconds(budgetMs) };
      return report('L-PLN-183', details);
    },
  };
}

/** A place that would have more than it may; the VMware snapshots of one group exist all at once. */
function crowdedPlace(vms: readonly GroupFacts[], limits: Limits): LimitedPlace | undefined {
  const taken = new Map<string, number>();
  for (const place of vms.flatMap(({ places }) => places)) {
    const key = `${place.limit} ${place.id}`;
    const count = (taken.get(key) ?? 0) + 1;
    taken.set(key, count);
    if (count > limits[place.limit]) return place;
  }
  return undefined;
}

function report(code: 'L-PLN-180' | 'L-PLN-181' | 'L-PLN-182' | 'L-PLN-183', details: object): ErrorReport {
  return reportOf(new LeewardError(code, { ...details }));
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1).replace(/\.0$/, '')} s`;
}
