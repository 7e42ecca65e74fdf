import { LeewardError } from '@leeward/core';
import { Kysely, PostgresDialect } from 'kysely';
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
    types: { getTypeParser: (id, format) => (id === int8Type ? Number : pg.types.getTypeParser(id, format)) },
  });
  pool.on('error', (error) => options.onConnectionLost?.(error));
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

const int8Type = 20;

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
