import { type Kysely, sql } from 'kysely';

/** Sign-ins at a provider that were begun, so that they end on whichever server the browser comes back to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `create table sign_in (
      hash text primary key, network text not null, sealed bytea not null, created_at timestamptz not null,
      expires_at timestamptz not null)`,
    'create index sign_in_by_time on sign_in (created_at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
