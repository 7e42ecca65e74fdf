import type { ErrorReport } from '@leeward/core';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { StoreSchema } from './schema.ts';

/**
 * - `starting`: the run of `runId` is being started for it.
 * - `started`: the run of `runId` was started for it.
 * - `skipped`: the run of `runId` was still under way.
 * - `missed`: no server ran, and it is not made up for.
 * - `failed`: no run could be started.
 */
export type ScheduleOutcome = 'starting' | 'started' | 'skipped' | 'missed' | 'failed';

/** What became of a time of the schedule of a job. */
export interface ScheduleTime {
  readonly jobId: string;
  readonly dueAt: string;
  readonly outcome: ScheduleOutcome;
  /** Times that passed since the one before, this one included. */
  readonly times: number;
  readonly runId?: string;
  readonly report?: ErrorReport;
  /** When that was decided. */
  readonly at: string;
}

const keptOfEachJob = 200;

export class ScheduleTimes {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** Replaces what was known of that time; nothing for a job that is gone. Idempotent. */
  put(time: ScheduleTime): Promise<void> {
    return this.#write(time, true);
  }

  /** Notes a time as `starting`, with the run that is to be started, unless something is known of it already. */
  begin(time: Omit<ScheduleTime, 'outcome'> & { readonly runId: string }): Promise<void> {
    return this.#write({ ...time, outcome: 'starting' }, false);
  }

  async #write(time: ScheduleTime, replaces: boolean): Promise<void> {
    const { jobId, outcome, times, report } = time;
    const values = {
      ...{ outcome, times, run_id: time.runId ?? null, at: time.at },
      ...{ report: report ? JSON.stringify(report) : null, told: !isToBeTold(outcome) },
    };
    await this.#db.transaction().execute(async (transaction) => {
      const jobs = transaction.selectFrom('job').select('id').where('id', '=', jobId);
      if (!(await jobs.forKeyShare().executeTakeFirst())) return;
      await transaction
        .insertInto('schedule_time')
        .values({ job_id: jobId, due_at: time.dueAt, ...values })
        .onConflict((conflict) => {
          const known = conflict.columns(['job_id', 'due_at']);
          return replaces ? known.doUpdateSet(values) : known.doNothing();
        })
        .execute();
      await sql`delete from schedule_time where job_id = ${jobId} and due_at < (
        select due_at from schedule_time where job_id = ${jobId}
        order by due_at desc offset ${keptOfEachJob} limit 1)`.execute(transaction);
    });
  }

  /** What is to be started, oldest first. */
  async starting(): Promise<readonly ScheduleTime[]> {
    const query = this.#db.selectFrom('schedule_time').selectAll().where('outcome', '=', 'starting');
    return (await query.orderBy('due_at').limit(500).execute()).map(toTime);
  }

  /** Of a job, newest first. */
  async list(jobId: string, limit: number): Promise<readonly ScheduleTime[]> {
    const query = this.#db.selectFrom('schedule_time').selectAll().where('job_id', '=', jobId);
    return (await query.orderBy('due_at', 'desc').limit(limit).execute()).map(toTime);
  }

  /** The newest of each job, by job id. */
  async newest(): Promise<ReadonlyMap<string, ScheduleTime>> {
    const rows = await this.#db
      .selectFrom('schedule_time')
      .distinctOn('job_id')
      .selectAll()
      .orderBy('job_id')
      .orderBy('due_at', 'desc')
      .execute();
    return new Map(rows.map((row) => [row.job_id, toTime(row)]));
  }

  /** What somebody should hear of and nobody was told of yet. */
  async untold(): Promise<readonly ScheduleTime[]> {
    const query = this.#db.selectFrom('schedule_time').selectAll().where('told', '=', false);
    return (await query.orderBy('due_at').limit(100).execute()).map(toTime);
  }

  /** Due from `from` on and before `until`, and without a run; at most 500, and only of `jobIds`. */
  async withoutRun(
    from: string,
    until: string,
    jobIds?: readonly string[],
  ): Promise<readonly ScheduleTime[]> {
    let query = this.#db
      .selectFrom('schedule_time')
      .selectAll()
      .where('due_at', '>=', new Date(from))
      .where('due_at', '<', new Date(until))
      .where('outcome', 'in', ['skipped', 'missed', 'failed']);
    if (jobIds !== undefined) query = query.where(sql<boolean>`job_id = any(${[...jobIds]}::text[])`);
    return (await query.orderBy('due_at').limit(500).execute()).map(toTime);
  }

  async markTold({ jobId, dueAt }: Pick<ScheduleTime, 'jobId' | 'dueAt'>): Promise<void> {
    await this.#db
      .updateTable('schedule_time')
      .set({ told: true })
      .where('job_id', '=', jobId)
      .where('due_at', '=', new Date(dueAt))
      .execute();
  }
}

/** A run that is started tells of itself. */
function isToBeTold(outcome: ScheduleOutcome): boolean {
  return outcome === 'skipped' || outcome === 'missed' || outcome === 'failed';
}

function toTime(row: Selectable<StoreSchema['schedule_time']>): ScheduleTime {
  return {
    jobId: row.job_id,
    dueAt: row.due_at.toISOString(),
    outcome: row.outcome as ScheduleOutcome,
    times: row.times,
    ...(row.run_id === null ? {} : { runId: row.run_id }),
    ...(row.report ? { report: row.report as ErrorReport } : {}),
    at: row.at.toISOString(),
  };
}
