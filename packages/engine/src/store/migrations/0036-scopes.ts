import { type Kysely, sql } from 'kysely';

/** Users and tokens that are limited to jobs; users who sign in at a provider and have no password here. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    'alter table app_user add column scope jsonb',
    'alter table app_user add column subject text unique',
    'alter table app_user alter column password_hash drop not null',
    'alter table app_user add constraint app_user_signs_in check (password_hash is not null or subject is not null)',
    'alter table api_token add column scopes jsonb',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
