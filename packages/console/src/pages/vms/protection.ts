import type { VirtualMachine } from '@leeward/core';
import type { Run } from '../../api/runs.ts';
import type { TopologyPath } from '../../api/systems.ts';
import type { Point } from '../../api/work.ts';

export type ProtectionState = 'in time' | 'late' | 'never';

/** The least of a job that is needed to see what it protects. */
export interface ProtectingJob {
  readonly id: string;
  readonly name: string;
  readonly vms: readonly string[];
  readonly snapshotOnly?: boolean;
}

/** What is known of the protection of one VM. */
export interface VmProtection {
  readonly key: string;
  readonly name: string;
  readonly path: string;
  readonly vcenterName: string;
  readonly state: ProtectionState;
  readonly jobs: readonly ProtectingJob[];
  readonly lastPoint?: Point;
  /** When it was last kept in storage snapshots alone. */
  readonly lastKeptAt?: string;
  /** Why it is not protected in time. */
  readonly why: string;
  /** Why it cannot be read from a secondary, with its code. */
  readonly problem?: { readonly code: string; readonly what: string };
  readonly provisionedBytes: number;
}

export interface ProtectionFacts {
  readonly vcenters: readonly { readonly name: string; readonly vms: readonly VirtualMachine[] }[];
  readonly jobs: readonly ProtectingJob[];
  readonly points: readonly Point[];
  readonly runs: readonly Run[];
  readonly topology: readonly TopologyPath[];
}

/** Each VM with its newest point, its jobs, and whether that is in time: not older than `withinMs`. */
export function protectionOf(facts: ProtectionFacts, withinMs: number, nowMs: number): VmProtection[] {
  const lastPoints = newestPoints(facts.points);
  const kept = keptAlone(facts);
  const members = membersOf(facts.jobs);
  const problems = problemsOf(facts.topology);
  return facts.vcenters.flatMap((vcenter) =>
    vcenter.vms
      .filter((vm) => !vm.isTemplate)
      .map((vm): VmProtection => {
        const key = `${vm.id.vcenterId}/${vm.id.moId}`;
        const jobs = [...new Set([vm.path, vm.name, vm.id.moId].flatMap((name) => members.get(name) ?? []))];
        const lastPoint = lastPoints.get(key);
        const lastKeptAt = kept.get(key);
        const lastAt = [lastPoint?.createdAt, lastKeptAt]
          .filter((at) => at !== undefined)
          .toSorted()
          .at(-1);
        const state = stateOf(lastAt, withinMs, nowMs);
        const problem = problems.get(vm.path);
        return {
          ...{ key, name: vm.name, path: vm.path, vcenterName: vcenter.name, state, jobs },
          ...(lastPoint ? { lastPoint } : {}),
          ...(lastKeptAt ? { lastKeptAt } : {}),
          ...(problem ? { problem } : {}),
          why: whyOf(state, jobs.length > 0),
          provisionedBytes: vm.disks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        };
      }),
  );
}

function stateOf(lastAt: string | undefined, withinMs: number, nowMs: number): ProtectionState {
  if (lastAt === undefined) return 'never';
  return nowMs - Date.parse(lastAt) <= withinMs ? 'in time' : 'late';
}

function whyOf(state: ProtectionState, isInJob: boolean): string {
  if (state === 'in time') return '';
  if (!isInJob) return 'In no job';
  return state === 'never' ? 'No run of its job has made a point yet' : 'Its last point is older';
}

function newestPoints(points: readonly Point[]): ReadonlyMap<string, Point> {
  const newest = new Map<string, Point>();
  for (const point of points) {
    const known = newest.get(point.vmKey);
    if (!known || known.createdAt < point.createdAt) newest.set(point.vmKey, point);
  }
  return newest;
}

/** VMs of snapshot-only jobs, which have no points: when a run that was a full success froze them. */
function keptAlone({ jobs, runs }: ProtectionFacts): ReadonlyMap<string, string> {
  const alone = new Set(jobs.filter(({ snapshotOnly }) => snapshotOnly).map(({ id }) => id));
  const kept = new Map<string, string>();
  for (const { jobId, state, plan, startedAt } of runs) {
    if (!alone.has(jobId) || state !== 'success') continue;
    for (const { vm } of plan?.vms ?? []) {
      const key = `${vm.vcenterId}/${vm.moId}`;
      if ((kept.get(key) ?? '') < startedAt) kept.set(key, startedAt);
    }
  }
  return kept;
}

function membersOf(jobs: readonly ProtectingJob[]): ReadonlyMap<string, readonly ProtectingJob[]> {
  const members = new Map<string, ProtectingJob[]>();
  for (const job of jobs) for (const name of job.vms) members.set(name, [...(members.get(name) ?? []), job]);
  return members;
}

function problemsOf(paths: readonly TopologyPath[]): ReadonlyMap<string, TopologyPath['problem'] & object> {
  const problems = new Map<string, TopologyPath['problem'] & object>();
  for (const { vmPath, problem } of paths) if (problem) problems.set(vmPath, problem);
  return problems;
}
