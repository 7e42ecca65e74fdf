import { type Kysely, sql } from 'kysely';

/** Runs of kind `restore` say what they restore, and where. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table run add column target jsonb').execute(db);
}
