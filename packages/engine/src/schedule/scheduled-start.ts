import {
  asLeewardError,
  isError,
  isoTime,
  type Job,
  LeewardError,
  reportOf,
  type StartedBy,
} from '@leeward/core';
import { z } from 'zod';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { newRunId } from '../services/run-id.ts';
import type { ScheduleOutcome } from '../store/schedule-times.ts';

const startSchema = z.object({
  jobId: z.string(),
  /** ISO. */
  dueAt: z.string(),
  catchUp: z.boolean(),
  /** Times that passed since the one before, this one included. */
  times: z.number().int(),
});

export type ScheduledStart = z.infer<typeof startSchema>;

/** `removed`: the job is gone. */
export type ScheduledEnd = ScheduleOutcome | 'removed';

export interface ScheduledStartDeps {
  readonly backup: Pick<BackupDeps, 'store' | 'clock' | 'randomness'>;
  /** See `startRun`. */
  start(job: Job, runId: string, startedBy: StartedBy): Promise<unknown>;
}

/** Of the flow for one time of one job: whoever finds the time due starts the same one. */
export function scheduledStartId(jobId: string, dueAt: string): string {
  return `schedule-${jobId}-${dueAt.replace(/[-:]|\.\d+/g, '')}`;
}

const retry = { attempts: 5, firstDelayMs: 2_000, maxDelayMs: 30_000 };

/** Starts the run of a job for one due time, and writes down what became of it. Never more than one run for a time. */
export function scheduledStartFlow(deps: ScheduledStartDeps): FlowDefinition<ScheduledStart, ScheduledEnd> {
  const { store, clock, randomness } = deps.backup;
  return {
    name: 'scheduled-start',
    parseInput: (value) => startSchema.parse(value),
    async run(context, { jobId, dueAt, catchUp, times }) {
      // Made once: a start that is repeated then means the same run.
      const runId = await context.step('run id', {}, async () => newRunId(clock, randomness));
      let problem: unknown;
      try {
        const isThere = await context.step('start', { retry }, async () => {
          const job = await store.jobs.find(jobId);
          if (job) await deps.start(job, runId, startedBySchedule(dueAt, catchUp));
          return job !== undefined;
        });
        if (!isThere) return 'removed';
      } catch (error) {
        if (isOwnershipLost(error)) throw error;
        problem = error;
      }
      return context.step('outcome', {}, async () => {
        const known = { jobId, dueAt, times, at: isoTime(clock.now()) };
        if (problem !== undefined) return notStarted(known, problem);
        if (catchUp)
          await store.runLog.event(runId, '', new LeewardError('L-SCH-103', { due: dueAt, missed: times }));
        await store.scheduleTimes.put({ ...known, outcome: 'started', runId });
        return 'started';
      });
    },
  };

  async function notStarted(
    known: { readonly jobId: string; readonly dueAt: string; readonly times: number; readonly at: string },
    problem: unknown,
  ): Promise<ScheduledEnd> {
    const job = await store.jobs.find(known.jobId);
    if (!job) return 'removed';
    const facts = { job: job.name, due: known.dueAt };
    if (!isError(problem, 'L-RUN-104')) {
      const failed = new LeewardError('L-SCH-107', { ...facts, reason: reportOf(problem).what }, problem);
      await store.scheduleTimes.put({ ...known, outcome: 'failed', report: reportOf(failed) });
      return 'failed';
    }
    const runId = String(asLeewardError(problem).details['run']);
    const skipped = new LeewardError('L-SCH-101', { ...facts, run: runId });
    await store.runLog.event(runId, '', skipped);
    await store.scheduleTimes.put({ ...known, outcome: 'skipped', runId, report: reportOf(skipped) });
    return 'skipped';
  }
}

function startedBySchedule(dueAt: string, catchUp: boolean): StartedBy {
  return { kind: 'schedule', name: '', dueAt, ...(catchUp ? { catchUp } : {}) };
}
