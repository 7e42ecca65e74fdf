import { type Kysely, sql } from 'kysely';
import type { StoreSchema } from './schema.ts';

/** A run, and a text that differs as soon as something of it that users see has changed. */
export interface RunMark {
  readonly id: string;
  readonly jobId: string;
  readonly mark: string;
}

/** How the runs are that go on, and those that ended not long ago; cheap enough to be asked every second. */
export class RunMarks {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** Runs that have not ended, and those that ended since then. Live figures are not part of the marks. */
  async since(endedSinceMs: number): Promise<readonly RunMark[]> {
    const { rows } = await sql<RunMark>`
      select run.id, run.job_id as "jobId", concat_ws(' ', run.state, steps.mark, vms.mark, events.mark) as mark
      from run
      cross join lateral (
        select concat_ws(' ', count(*), count(ended_at), max(started_at), max(ended_at)) as mark
        from run_step where run_id = run.id
      ) as steps
      cross join lateral (
        select concat_ws(' ', count(*), sum(hashtext(concat(state, facts::text, problem::text)))) as mark
        from run_vm where run_id = run.id
      ) as vms
      cross join lateral (select count(*)::text as mark from run_event where run_id = run.id) as events
      where run.ended_at is null or run.ended_at >= ${new Date(endedSinceMs)}`.execute(this.#db);
    return rows;
  }
}
