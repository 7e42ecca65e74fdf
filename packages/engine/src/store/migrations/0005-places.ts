import { type Kysely, sql } from 'kysely';

/** Room for VMware snapshots that groups hold or wait for, in the order in which they came; and when steps began. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `create table place_request (
      id text primary key, run_id text not null references run (id) on delete cascade,
      position bigint generated always as identity, holds jsonb not null, granted boolean not null)`,
    'create index run_step_by_time on run_step (name, started_at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
