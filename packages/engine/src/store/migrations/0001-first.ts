import { type Kysely, sql } from 'kysely';

/** The first form of the server's tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'create table setting (name text primary key, value text not null)',
  'create table secret (id text primary key, sealed bytea not null)',
  `create table system (
    id text primary key, kind text not null, name text not null, settings jsonb not null,
    secret_id text not null, inventory jsonb, inventory_at timestamptz, problem jsonb,
    unique (kind, name))`,
  `create table proxy (
    id text primary key, name text not null unique, settings jsonb not null, reach jsonb not null,
    seen_at timestamptz)`,
  `create table repository (
    id text primary key, name text not null unique, path text not null, restic_id text not null,
    secret_id text not null)`,
  'create table job (id text primary key, name text not null unique, spec jsonb not null)',
  `create table run (
    id text primary key, job_id text not null, kind text not null, state text not null, plan jsonb,
    started_at timestamptz not null, ended_at timestamptz, problem jsonb)`,
  'create index run_by_job on run (job_id, started_at desc)',
  `create table run_vm (
    run_id text not null references run (id) on delete cascade, vm_key text not null, name text not null,
    state text not null, facts jsonb not null, problem jsonb, primary key (run_id, vm_key))`,
  `create table run_step (
    run_id text not null references run (id) on delete cascade, scope text not null, name text not null,
    position bigint generated always as identity, started_at timestamptz not null, ended_at timestamptz,
    detail jsonb not null, primary key (run_id, scope, name))`,
  `create table run_event (
    id bigint generated always as identity primary key,
    run_id text not null references run (id) on delete cascade, vm_key text not null,
    at timestamptz not null, code text not null, severity text not null, report jsonb not null)`,
  'create unique index run_event_once on run_event (run_id, vm_key, code, md5(report::text))',
  `create table change_list (
    run_id text not null references run (id) on delete cascade, vm_key text not null,
    disk_key integer not null, areas jsonb not null, primary key (run_id, vm_key, disk_key))`,
  `create table ledger (
    id text primary key, run_id text not null, job_id text not null, kind text not null,
    system_id text not null, name text not null, state text not null, detail jsonb not null,
    created_at timestamptz not null, updated_at timestamptz not null)`,
  "create index ledger_open on ledger (run_id) where state in ('intended', 'present')",
  "create index ledger_kept on ledger (job_id, kind) where state = 'kept'",
  `create table point (
    id text primary key, vm_key text not null, vm_name text not null, vcenter_name text not null,
    job_id text not null, run_id text not null, repository_id text not null,
    created_at timestamptz not null, source text not null, facts jsonb not null)`,
  'create index point_by_vm on point (vm_key, repository_id, created_at desc)',
];
