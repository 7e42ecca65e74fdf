import { type Kysely, sql } from 'kysely';
import type { StoreSchema } from '../store/schema.ts';

/**
 * What is not saved: sign-ins, waiting places and change lists belong to what is under way, and a restored server has
 * nothing under way; the lists of migrations are in the manifest. The flow engine's own tables lie in other schemas.
 */
const notSaved = [
  'session',
  'sign_in',
  'place_request',
  'change_list',
  'kysely_migration',
  'kysely_migration_lock',
];
const rowsAtOnce = 200;

/** Tables of the server, those first to which others refer. */
export async function savedTables(db: Kysely<StoreSchema>): Promise<readonly string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name::text as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(db);
  const { rows: references } = await sql<{ from: string; to: string }>`
    select referring.relname::text as from, referred.relname::text as to from pg_constraint
    join pg_class referring on referring.oid = conrelid
    join pg_class referred on referred.oid = confrelid
    where contype = 'f' and connamespace = 'public'::regnamespace`.execute(db);
  const names = tables.map(({ name }) => name).filter((name) => !notSaved.includes(name));
  const ordered: string[] = [];
  const add = (name: string) => {
    if (ordered.includes(name)) return;
    for (const { from, to } of references) if (from === name && to !== name && names.includes(to)) add(to);
    ordered.push(name);
  };
  for (const name of names) add(name);
  return ordered;
}

/** Names of the applied migrations, in order. */
export async function appliedMigrations(db: Kysely<StoreSchema>): Promise<readonly string[]> {
  const { rows } = await sql<{
    name: string;
  }>`select name from public.kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** The rows of a table as JSON, one a line, by its primary key. `db` MUST be one transaction. */
export async function* rowsOf(db: Kysely<StoreSchema>, table: string): AsyncIterable<string> {
  const { rows: keys } = await sql<{ column: string }>`
    select attname::text as column from pg_index
    join pg_attribute on attrelid = indrelid and attnum = any(indkey)
    where indrelid = to_regclass(${`public.${quoted(table)}`}) and indisprimary`.execute(db);
  const order = keys.length === 0 ? '' : ` order by ${keys.map(({ column }) => quoted(column)).join(', ')}`;
  const query = `select row_to_json(dumped)::text as line from public.${quoted(table)} as dumped${order}`;
  await sql.raw(`declare server_backup no scroll cursor for ${query}`).execute(db);
  for (;;) {
    const { rows } = await sql<{
      line: string;
    }>`fetch ${sql.raw(String(rowsAtOnce))} from server_backup`.execute(db);
    if (rows.length === 0) break;
    for (const { line } of rows) yield line;
  }
  await sql`close server_backup`.execute(db);
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
