import type { ErrorReport, MessageSeverity, StartedBy } from '@leeward/core';
import type { RunState, RunSummary } from '../store/runs.ts';
import type { ScheduleTime } from '../store/schedule-times.ts';
import type { ConsoleLink } from './console-links.ts';
import type { Growth } from './repository-growth.ts';
import { type ReportBytes, summed } from './run-report.ts';

export interface DailyRun {
  readonly runId: string;
  readonly jobName: string;
  readonly kind: 'backup' | 'restore';
  readonly state: RunState;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly startedBy?: StartedBy;
  readonly vms: RunSummary['vms'];
  readonly bytes: ReportBytes;
  readonly problem?: ErrorReport;
  readonly retryOf?: string;
  /** Of its page in the console; missing where the address of that is not known. */
  readonly url?: string;
}

/** A time of a schedule at which no run was started. */
export interface DailyMissedTime {
  readonly jobName: string;
  readonly dueAt: string;
  readonly outcome: ScheduleTime['outcome'];
  readonly report?: ErrorReport;
}

export interface DailyVm {
  readonly name: string;
  readonly vcenterName: string;
  readonly jobs: readonly string[];
  /** Of its newest copy. */
  readonly newestAt?: string;
}

export interface DailyChain {
  readonly jobName: string;
  readonly arrayName: string;
  /** Storage snapshots that are kept there. */
  readonly count: number;
}

export interface DailyRepository extends Partial<Growth> {
  readonly name: string;
  readonly capacityBytes?: number;
  readonly freeBytes?: number;
  /** Why its place cannot be looked at. */
  readonly problem?: string;
}

/** What happened in a day, for people and programs. Times are ISO, sizes bytes. */
export interface DailyReport {
  /** The day on which the time ends. */
  readonly date: string;
  readonly from: string;
  readonly until: string;
  readonly runs: readonly DailyRun[];
  /** Runs beyond those that are listed. */
  readonly moreRuns: boolean;
  readonly bytes: ReportBytes;
  readonly missedTimes: readonly DailyMissedTime[];
  /** Now. A copy that is not older than `withinHours` is in time. */
  readonly protection: {
    readonly withinHours: number;
    readonly total: number;
    readonly inTime: number;
    readonly late: number;
    readonly never: number;
  };
  /** VMs of jobs that are late or have no copy, at most some hundred of them. */
  readonly behind: readonly DailyVm[];
  readonly chains: readonly DailyChain[];
  /** Runs that are over and of which something is still on vCenters or arrays. */
  readonly runsToClean: readonly string[];
  readonly repositories: readonly DailyRepository[];
  /** Into the console; missing where its address is not known. */
  readonly links?: readonly ConsoleLink[];
}

export function bytesOfRuns(runs: readonly Pick<DailyRun, 'bytes'>[]): ReportBytes {
  return summed(runs.map(({ bytes }) => bytes));
}

export function dailySeverity({ runs, missedTimes, behind, runsToClean }: DailyReport): MessageSeverity {
  if (runs.some(({ state }) => state === 'failed' || state === 'partly')) return 'failure';
  const isOdd = runs.some(({ state }) => state === 'cancelled') || runsToClean.length > 0;
  return isOdd || missedTimes.length > 0 || behind.length > 0 ? 'warning' : 'success';
}
