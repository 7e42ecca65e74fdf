import { type Kysely, sql } from 'kysely';

/** Channels, what was sent over them, and of which runs people were told. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    'alter table run add column told boolean not null default false',
    'update run set told = true where ended_at is not null',
    'create index run_untold on run (ended_at) where ended_at is not null and not told',
    `create table notification_channel (
      id text primary key, name text not null unique, enabled boolean not null, rules jsonb not null,
      target jsonb not null)`,
    `create table notification_delivery (
      id text primary key, channel_id text not null references notification_channel (id) on delete cascade,
      message jsonb not null, state text not null, attempts integer not null, created_at timestamptz not null,
      ended_at timestamptz, problem jsonb)`,
    'create index notification_delivery_by_channel on notification_delivery (channel_id, created_at desc)',
    "create index notification_delivery_pending on notification_delivery (created_at) where state = 'pending'",
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
