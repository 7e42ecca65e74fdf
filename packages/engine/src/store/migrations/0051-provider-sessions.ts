import { type Kysely, sql } from 'kysely';

/** What it takes to sign out at the provider too, of sessions that began there. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table session add column provider bytea`.execute(db);
}
