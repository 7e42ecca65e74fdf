import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, isoTime, LeewardError, type Randomness, reportOf } from '@leeward/core';
import { writeFileDurably } from '@leeward/platform';
import { openRepository } from '@leeward/repository';
import { type Kysely, sql } from 'kysely';
import { createKysely, migrateTo, migrateToLatest } from '../database/kysely.ts';
import { openDatabase } from '../database/open-database.ts';
import { unseal } from '../secrets/seal.ts';
import { loadSecretKey } from '../secrets/secret-key.ts';
import { nameOfSource, type SecretKeySource } from '../secrets/secret-key-source.ts';
import { migrations } from '../store/migrations/all.ts';
import type { StoreSchema } from '../store/schema.ts';
import { appliedMigrations } from './dump-tables.ts';
import { loadTables } from './load-tables.ts';
import type { Manifest } from './manifest.ts';
import { ServerBackup } from './read-server-backup.ts';

export interface RestoreServer {
  /** Of the repository, with its password. */
  readonly path: string;
  readonly password: string;
  /** Beginning of the id of a restic snapshot; default: the newest backup of a server. */
  readonly snapshot?: string | undefined;
  /** MUST be empty or missing. */
  readonly dataFolder: string;
  /** MUST be of an empty database; default: an embedded one in the data folder. */
  readonly databaseUrl?: string | undefined;
  /** The key of the stored passwords; a file is copied into the data folder. Default: none, and they are lost. */
  readonly secretKey?: SecretKeySource | undefined;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

export interface RestoredServer {
  readonly snapshotId: string;
  readonly madeAt: string;
  /** Of the Leeward that made the backup. */
  readonly version: string;
  readonly rows: number;
  /** Runs that were under way when it was made; they count as failed. */
  readonly interruptedRuns: readonly string[];
  /** False: passwords of vCenters, arrays and repositories have to be entered again. */
  readonly hasSecrets: boolean;
}

/**
 * Makes the database of a server from its backup in a repository. No server may run on the data folder. Everything that
 * can be known to be wrong is found before anything is made: `L-OPS-110`, `L-OPS-111`, `L-OPS-112`, `L-AUT-131`.
 */
export async function restoreServer(options: RestoreServer): Promise<RestoredServer> {
  const { path, password, snapshot, dataFolder, databaseUrl, clock, randomness } = options;
  await requireEmptyFolder(dataFolder);
  const repository = await openRepository({ path, password, clock, randomness });
  const backup = await ServerBackup.open(repository, path, snapshot);
  const { manifest } = backup;
  requireKnownForm(manifest);
  const key = await fittingKey(backup, options);
  const database = await openDatabase({ dataFolder, databaseUrl, clock });
  const db = createKysely<StoreSchema>(database.url, { name: 'leeward restore', maxConnections: 2 });
  try {
    await requireEmptyDatabase(db);
    await migrateTo(db, migrations, manifest.migrations.at(-1) ?? '');
    await requireSameForm(db, manifest);
    await loadTables(db, backup);
    const interruptedRuns = await endUnfinishedRuns(db, isoTime(clock.now()));
    await migrateToLatest(db, migrations);
    // Last: a key in the folder of a server that is not whole would make it look as if it were.
    if (key && options.secretKey?.file !== undefined)
      await writeFileDurably(join(dataFolder, 'secret.key'), `${key.toString('hex')}\n`, { mode: 0o600 });
    return {
      ...{ snapshotId: backup.point.id, madeAt: manifest.madeAt, version: manifest.version },
      rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
      ...{ interruptedRuns, hasSecrets: key !== undefined },
    };
  } finally {
    await db.destroy();
    await database.stop();
  }
}

async function requireEmptyFolder(dataFolder: string): Promise<void> {
  const names = await readdir(dataFolder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new LeewardError('L-CFG-211', { folder: dataFolder, reason: error.message }, error);
  });
  if (names.length > 0) throw new LeewardError('L-OPS-110', { place: `the folder ${dataFolder}` });
}

async function requireEmptyDatabase(db: Kysely<StoreSchema>): Promise<void> {
  const { rows } = await sql<{ tables: number }>`
    select count(*)::int as tables from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema')`.execute(db);
  if (rows[0]?.tables !== 0) throw new LeewardError('L-OPS-110', { place: 'the database' });
}

function requireKnownForm({ version, migrations: made }: Manifest): void {
  const unknown = made.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0)
    throw new LeewardError('L-OPS-112', { version, reason: `${unknown.join(', ')} is not known here` });
}

/** Of releases whose changes came in another order than here. */
async function requireSameForm(
  db: Kysely<StoreSchema>,
  { version, migrations: made }: Manifest,
): Promise<void> {
  const applied = await appliedMigrations(db);
  if (applied.join() !== made.join())
    throw new LeewardError('L-OPS-112', { version, reason: 'its tables have another form than any release' });
}

/** The key, once it has opened what it sealed. Undefined: none was given. */
async function fittingKey(
  backup: ServerBackup,
  { dataFolder, secretKey }: RestoreServer,
): Promise<Buffer | undefined> {
  if (!secretKey || Object.values(secretKey).every((each) => each === undefined)) return undefined;
  const key = await loadSecretKey(dataFolder, secretKey);
  const table = backup.manifest.tables.find(({ name }) => name === 'secret');
  if (!table) return key;
  for await (const line of backup.rows(table)) {
    const { id, sealed } = JSON.parse(line) as { readonly id: string; readonly sealed: string };
    try {
      unseal(key, id, Buffer.from(sealed.slice(2), 'hex'));
    } catch (error) {
      throw new LeewardError('L-AUT-131', { source: nameOfSource(secretKey) }, error);
    }
  }
  return key;
}

/** Nothing goes on after a restore: its flows are not in the backup. What they made is journaled, for the janitor. */
async function endUnfinishedRuns(db: Kysely<StoreSchema>, at: string): Promise<readonly string[]> {
  const problem = JSON.stringify(reportOf(new LeewardError('L-OPS-114')));
  const { rows } = await sql<{ id: string }>`
    update run set state = 'failed', ended_at = ${at}::timestamptz, problem = ${problem}::jsonb
    where ended_at is null returning id`.execute(db);
  const ids = rows.map(({ id }) => id);
  await sql`update run_vm set state = 'failed', problem = ${problem}::jsonb
    where run_id = any(${sql.val(ids)}::text[]) and state in ('waiting', 'running')`.execute(db);
  return ids;
}
