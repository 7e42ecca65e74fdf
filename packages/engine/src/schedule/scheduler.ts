import {
  isoTime,
  type Job,
  LeewardError,
  type Randomness,
  reportOf,
  type Schedule,
  type StartedBy,
} from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { newRunId } from '../services/run-id.ts';
import { nextTimes } from './cron-times.ts';
import { type DueTime, dueNow } from './due.ts';
import { startScheduled } from './start-scheduled.ts';

export interface SchedulerDeps {
  readonly backup: Pick<BackupDeps, 'store' | 'clock'> & { readonly randomness: Randomness };
  /** See `startRun`: safe to repeat with the same run id. */
  start(job: Job, runId: string, startedBy: StartedBy): Promise<unknown>;
}

interface DueJob {
  readonly id: string;
  readonly name: string;
  readonly schedule: Schedule;
}

/**
 * Starts jobs when they are due. A time that is due is written down with the id of its run before the run is started,
 * and whoever finds it so starts that one run: after the death of the server in between, or on several servers, there is
 * one run for a time. `look` may be called at any time and as often as one likes.
 */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  /** When a job is due next, as long as it has this schedule and nothing else was done for it. */
  readonly #next = new Map<string, { readonly mark: string; readonly dueMs: number }>();
  /** Starts under way in this process, by job and time. */
  readonly #starting = new Map<string, Promise<void>>();

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
  }

  /** Looks once at the schedules of all jobs and begins to start what is due; does not wait for that. */
  async look(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#deps.backup;
    const jobs = (await store.jobs.list()).filter(({ schedule }) => schedule?.enabled);
    const newest = jobs.length === 0 ? undefined : await store.scheduleTimes.newest();
    for (const { id, name, schedule } of jobs) {
      if (!schedule) continue;
      const considered = newest?.get(id)?.dueAt;
      const mark = JSON.stringify([schedule, considered]);
      const known = this.#next.get(id);
      const now = clock.now();
      if (known?.mark === mark && now < known.dueMs) continue;
      const due = dueNow(schedule, considered === undefined ? undefined : Date.parse(considered), now);
      if (due) await this.#note({ id, name, schedule }, due);
      else this.#next.set(id, { mark, dueMs: nextTimes(schedule, now, 1)[0] ?? Number.POSITIVE_INFINITY });
    }
    for (const time of await store.scheduleTimes.starting()) {
      const key = `${time.jobId} ${time.dueAt}`;
      if (this.#starting.has(key)) continue;
      const start = startScheduled(this.#deps, time, signal);
      this.#starting.set(
        key,
        start.finally(() => this.#starting.delete(key)),
      );
    }
  }

  /** Until nothing is being started. */
  async settled(): Promise<void> {
    await Promise.all(this.#starting.values());
  }

  async #note({ id: jobId, name, schedule }: DueJob, { dueMs, kind, times }: DueTime): Promise<void> {
    const { store, clock, randomness } = this.#deps.backup;
    const dueAt = isoTime(dueMs);
    const known = { jobId, dueAt, times, at: isoTime(clock.now()) };
    if (kind !== 'missed') return store.scheduleTimes.begin({ ...known, runId: newRunId(clock, randomness) });
    const bound = `${Number((schedule.catchUpMs / 3_600_000).toFixed(2))} h`;
    const missed = new LeewardError('L-SCH-102', { job: name, due: dueAt, missed: times, bound });
    await store.scheduleTimes.put({ ...known, outcome: 'missed', report: reportOf(missed) });
  }
}
