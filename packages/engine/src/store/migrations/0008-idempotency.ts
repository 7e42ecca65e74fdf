import { type Kysely, sql } from 'kysely';

/** Answers that are given again to who repeats a request with the same key. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `create table idempotency (
      principal text not null, key text not null, operation text not null, request text not null,
      status integer, body text, created_at timestamptz not null, primary key (principal, key))`,
    'create index idempotency_by_time on idempotency (created_at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
