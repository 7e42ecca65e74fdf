import { LeewardError } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import type { StoreSchema } from '../store/schema.ts';
import { quoted } from './dump-tables.ts';
import type { ServerBackup } from './read-server-backup.ts';

const rowsAtOnce = 200;
const bytesAtOnce = 4 * 2 ** 20;

/** Fills the tables, which MUST have the form that the backup was made with, in one transaction. */
export async function loadTables(db: Kysely<StoreSchema>, backup: ServerBackup): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { tables } = backup.manifest;
    const names = tables.map(({ name }) => `public.${quoted(name)}`);
    await sql.raw(`truncate ${names.join(', ')} cascade`).execute(transaction);
    for (const table of tables) {
      let lines: string[] = [];
      let bytes = 0;
      const flush = async () => {
        if (lines.length > 0) await insert(transaction, backup, table.name, lines);
        [lines, bytes] = [[], 0];
      };
      for await (const line of backup.rows(table)) {
        lines.push(line);
        bytes += line.length;
        if (lines.length >= rowsAtOnce || bytes >= bytesAtOnce) await flush();
      }
      await flush();
    }
    await continueNumbers(transaction);
  });
}

async function insert(
  db: Kysely<StoreSchema>,
  { point }: ServerBackup,
  table: string,
  lines: readonly string[],
): Promise<void> {
  const name = sql.raw(`public.${quoted(table)}`);
  try {
    await sql`insert into ${name} overriding system value
      select * from json_populate_recordset(null::${name}, ${`[${lines.join(',')}]`}::json)`.execute(db);
  } catch (error) {
    const reason = `rows of ${table} do not fit: ${error instanceof Error ? error.message : String(error)}`;
    throw new LeewardError('L-OPS-113', { snapshot: point.id.slice(0, 8), reason }, error);
  }
}

/** New rows get numbers after those that were loaded. */
async function continueNumbers(db: Kysely<StoreSchema>): Promise<void> {
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name::text as table, column_name::text as column from information_schema.columns
    where table_schema = 'public' and is_identity = 'YES'`.execute(db);
  for (const { table, column } of rows) {
    const [name, field] = [`public.${quoted(table)}`, quoted(column)];
    await sql`select setval(pg_get_serial_sequence(${name}, ${column}),
      coalesce((select max(${sql.raw(field)}) from ${sql.raw(name)}), 0) + 1, false)`.execute(db);
  }
}
