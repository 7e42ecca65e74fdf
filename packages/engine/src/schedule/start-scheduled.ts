import {
  asLeewardError,
  isError,
  isoTime,
  LeewardError,
  reportOf,
  retry,
  type StartedBy,
} from '@leeward/core';
import type { ScheduleTime } from '../store/schedule-times.ts';
import { isLate } from './due.ts';
import type { SchedulerDeps } from './scheduler.ts';

const tries = { attempts: 5, firstDelayMs: 2_000, maxDelayMs: 30_000 };

/**
 * Starts the run that was noted for a due time, and writes down what became of it. Never throws; what is cut off by the
 * signal stays noted, for the next server.
 */
export async function startScheduled(
  { backup, start }: SchedulerDeps,
  time: ScheduleTime,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock } = backup;
  const { jobId, dueAt, times, runId = '' } = time;
  const catchUp = isLate(Date.parse(dueAt), Date.parse(time.at));
  const startedBy: StartedBy = { kind: 'schedule', name: '', dueAt, ...(catchUp ? { catchUp } : {}) };
  try {
    const job = await store.jobs.find(jobId);
    // Its times went with it.
    if (!job) return;
    const problem = await retry(clock, { ...tries, signal }, () => start(job, runId, startedBy)).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (signal.aborted) return;
    const known = { jobId, dueAt, times, at: isoTime(clock.now()) };
    if (problem === undefined) {
      if (catchUp)
        await store.runLog.event(runId, '', new LeewardError('L-SCH-103', { due: dueAt, missed: times }));
      await store.scheduleTimes.put({ ...known, outcome: 'started', runId });
    } else if (isError(problem, 'L-RUN-104')) {
      const running = String(asLeewardError(problem).details['run']);
      const skipped = new LeewardError('L-SCH-101', { job: job.name, due: dueAt, run: running });
      await store.runLog.event(running, '', skipped);
      await store.scheduleTimes.put({
        ...known,
        outcome: 'skipped',
        runId: running,
        report: reportOf(skipped),
      });
    } else {
      const details = { job: job.name, due: dueAt, reason: reportOf(problem).what };
      const failed = new LeewardError('L-SCH-107', details, problem);
      await store.scheduleTimes.put({ ...known, outcome: 'failed', report: reportOf(failed) });
    }
  } catch {
    // The database is away, or the server ends: it is still noted, and taken up by the next look.
  }
}
