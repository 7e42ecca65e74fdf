import { isoTime, LeewardError, reportOf, type Schedule } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { FlowReference } from '../flow/flow-definition.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { nextTimes } from './cron-times.ts';
import { type DueTime, dueNow } from './due.ts';
import { type ScheduledEnd, type ScheduledStart, scheduledStartId } from './scheduled-start.ts';

export interface SchedulerDeps {
  readonly backup: Pick<BackupDeps, 'store' | 'clock'>;
  readonly engine: Pick<FlowEngine, 'start'>;
  readonly flow: FlowReference<ScheduledStart, ScheduledEnd>;
}

/**
 * Starts jobs when they are due. `look` may be called by several servers, at any time and as often as they like: the
 * flow of a time has an id made of job and time, so that a time is started once, also where the server died between
 * starting it and writing that down.
 */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  /** When a job is due next, as long as it has this schedule and nothing else was done for it. */
  readonly #next = new Map<string, { readonly mark: string; readonly dueMs: number }>();

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
  }

  /** Looks once at the schedules of all jobs and starts what is due. */
  async look(): Promise<void> {
    const { store, clock } = this.#deps.backup;
    const jobs = (await store.jobs.list()).filter(({ schedule }) => schedule?.enabled);
    if (jobs.length === 0) return;
    const newest = await store.scheduleTimes.newest();
    for (const { id, name, schedule } of jobs) {
      if (!schedule) continue;
      const considered = newest.get(id)?.dueAt;
      const mark = JSON.stringify([schedule, considered]);
      const known = this.#next.get(id);
      const now = clock.now();
      if (known?.mark === mark && now < known.dueMs) continue;
      const due = dueNow(schedule, considered === undefined ? undefined : Date.parse(considered), now);
      if (due) await this.#start({ id, name, schedule }, due);
      else this.#next.set(id, { mark, dueMs: nextTimes(schedule, now, 1)[0] ?? Number.POSITIVE_INFINITY });
    }
  }

  async #start(
    job: { readonly id: string; readonly name: string; readonly schedule: Schedule },
    due: DueTime,
  ) {
    const { backup, engine, flow } = this.#deps;
    const { store, clock } = backup;
    const { kind, times } = due;
    const dueAt = isoTime(due.dueMs);
    const known = { jobId: job.id, dueAt, times, at: isoTime(clock.now()) };
    if (kind === 'missed') {
      const bound = hours(job.schedule.catchUpMs);
      const missed = new LeewardError('L-SCH-102', { job: job.name, due: dueAt, missed: times, bound });
      await store.scheduleTimes.put({ ...known, outcome: 'missed', report: reportOf(missed) });
      return;
    }
    const input = { jobId: job.id, dueAt, catchUp: kind === 'catch-up', times };
    await engine.start(flow, scheduledStartId(job.id, dueAt), input);
    await store.scheduleTimes.begin(known);
  }
}

function hours(durationMs: number): string {
  return `${Number((durationMs / 3_600_000).toFixed(2))} h`;
}
