import { LeewardError } from '@leeward/core';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';

export interface KyselyOptions {
  /** Connections at most; 10 if left out. */
  readonly maxConnections?: number;
  /** Shown in `pg_stat_activity`. */
  readonly name?: string;
  /** A resting connection was lost (PostgreSQL restarted, network). The pool makes new ones by itself. */
  readonly onConnectionLost?: (error: Error) => void;
}

/**
 * Typed access to a database. Integers of 64 bits come as numbers (all of ours are below 2^53). The caller
 * closes it with `destroy()`.
 */
export function createKysely<Tables>(url: string, options: KyselyOptions = {}): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: createPool(url, options) }) });
}

/** The pool behind it. A pool without an error listener would end the process when PostgreSQL goes away. */
export function createPool(url: string, options: KyselyOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? 10,
    application_name: options.name ?? 'leeward',
    connectionTimeoutMillis: 15_000,
    types: {
      getTypeParser: (id, format) => {
        if (id === int8Type) return Number;
        const usual = pg.types.getTypeParser(id, format);
        return id === textArrayType ? textArray(usual) : usual;
      },
    },
  });
  pool.on('error', (error) => options.onConnectionLost?.(error));
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

const int8Type = 20;
const textArrayType: number = 1009;

/** The usual parser goes character by character, which lists of thousands of rows feel. */
function textArray(usual: (text: string) => unknown) {
  return (text: string): unknown => {
    if (text === '{}') return [];
    if (/["\\]|NULL|^[^{]|{.*{/i.test(text)) return usual(text);
    return text.slice(1, -1).split(',');
  };
}

/**
 * Brings the tables to the newest of `migrations` (applied in the order of their names, each whole or not at
 * all). Any number of processes may call it at once: an advisory lock lets one work. `schema` holds the list of
 * what was applied, so that two parts of the product can have migrations of their own. Throws `L-CFG-209`.
 */
export async function migrateToLatest<Tables>(
  database: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>>,
  schema = 'public',
): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: schema,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  const text = error instanceof Error ? error.message : String(error);
  throw new LeewardError('L-CFG-209', { reason: failed ? `${failed}: ${text}` : text }, error);
}

/** Brings empty tables to an older form: that of the migration of that name. Throws `L-CFG-209`. */
export async function migrateTo<Tables>(
  database: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>>,
  last: string,
): Promise<void> {
  const migrator = new Migrator({
    ...{ db: database, migrationTableSchema: 'public' },
    provider: { getMigrations: async () => ({ ...migrations }) },
  });
  const { error } = await migrator.migrateTo(last);
  if (error === undefined) return;
  throw new LeewardError(
    'L-CFG-209',
    { reason: error instanceof Error ? error.message : String(error) },
    error,
  );
}

/** Whether exactly these migrations were applied to the tables, no fewer and no others; changes nothing. */
export async function hasMigrations<Tables>(
  database: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>>,
): Promise<boolean> {
  const { rows: tables } = await sql<{ found: boolean }>`
    select to_regclass('public.kysely_migration') is not null as found`.execute(database);
  if (!tables[0]?.found) return false;
  const { rows } = await sql<{ name: string }>`select name from public.kysely_migration`.execute(database);
  const applied = rows.map(({ name }) => name).sort();
  const wanted = Object.keys(migrations).sort();
  return applied.join() === wanted.join();
}
