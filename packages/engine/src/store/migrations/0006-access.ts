import { type Kysely, sql } from 'kysely';

/** Users, their sessions, API tokens, and the audit trail. Of secrets only hashes are kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `create table app_user (
      id text primary key, name text not null, role text not null, password_hash text not null,
      disabled boolean not null, created_at timestamptz not null, signed_in_at timestamptz)`,
    'create unique index app_user_by_name on app_user (lower(name))',
    `create table session (
      hash text primary key, user_id text not null references app_user (id) on delete cascade,
      created_at timestamptz not null, seen_at timestamptz not null, expires_at timestamptz not null)`,
    'create index session_by_user on session (user_id)',
    `create table api_token (
      id text primary key, hash text not null unique, name text not null unique,
      user_id text references app_user (id) on delete cascade, role text not null,
      read_only boolean not null, created_at timestamptz not null, expires_at timestamptz not null,
      used_at timestamptz)`,
    `create table audit (
      id bigint generated always as identity primary key, at timestamptz not null,
      caller_kind text not null, caller text not null, address text not null, operation text not null,
      kind text not null, object text, fields jsonb not null, before jsonb, after jsonb,
      outcome text, code text)`,
    'create index audit_by_time on audit (at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
