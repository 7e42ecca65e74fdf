import { type Kysely, sql } from 'kysely';

/** What became of the times of schedules, and who started a run. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    'alter table run add column started_by jsonb',
    `create table schedule_time (
      job_id text not null references job (id) on delete cascade, due_at timestamptz not null,
      outcome text not null, times integer not null, run_id text, report jsonb, at timestamptz not null,
      told boolean not null, primary key (job_id, due_at))`,
    'create index schedule_time_untold on schedule_time (due_at) where not told',
    "create index schedule_time_starting on schedule_time (due_at) where outcome = 'starting'",
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
