import { type Kysely, sql } from 'kysely';

/** Runs that make up for another one, and the part of the job that they are about. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    'alter table run add column retry_of text',
    'alter table run add column scope jsonb',
    'create index run_by_retry_of on run (retry_of) where retry_of is not null',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
