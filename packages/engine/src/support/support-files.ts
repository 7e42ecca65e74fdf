import { open } from 'node:fs/promises';
import { arch, availableParallelism, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Clock, isoTime } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import type { StoreSchema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { TarFile } from './tar-writer.ts';
import { jsonWithoutSecrets, textWithoutSecrets } from './without-secrets.ts';

export interface SupportDeps {
  readonly store: Store;
  readonly db: Kysely<StoreSchema>;
  readonly clock: Clock;
  readonly version: string;
  readonly dataFolder: string;
}

const lastRuns = 20;
/** Of one file; what is longer is cut, and says so. */
const longestFile = 8 * 2 ** 20;
/** Of the whole archive, before it is compressed; what does not fit any more is left out, and named. */
const longestArchive = 96 * 2 ** 20;
const logTail = 512 * 1024;

/** What a support bundle holds, piece by piece; `runIds`: instead of the last runs. Each piece is free of secrets. */
export async function* supportFiles(
  deps: SupportDeps,
  runIds: readonly string[] | undefined,
): AsyncIterable<TarFile> {
  const secrets = await deps.store.secrets.all();
  const leftOut: string[] = [];
  let sum = 0;
  for await (const { name, value } of pieces(deps, runIds)) {
    const text =
      typeof value === 'string' ? textWithoutSecrets(value, secrets) : jsonWithoutSecrets(value, secrets);
    const whole = Buffer.from(text);
    const content =
      whole.length <= longestFile
        ? whole
        : Buffer.concat([whole.subarray(0, longestFile), Buffer.from('\n(cut: it is longer)\n')]);
    if (sum + content.length > longestArchive) {
      leftOut.push(name);
      continue;
    }
    sum += content.length;
    yield { name: `leeward-support/${name}`, content };
  }
  if (leftOut.length > 0)
    yield { name: 'leeward-support/left-out.txt', content: Buffer.from(`${leftOut.join('\n')}\n`) };
}

interface Piece {
  readonly name: string;
  readonly value: unknown;
}

async function* pieces(deps: SupportDeps, wanted: readonly string[] | undefined): AsyncIterable<Piece> {
  const { store, dataFolder } = deps;
  yield { name: 'README.txt', value: readme };
  yield { name: 'versions.json', value: await versions(deps) };
  yield { name: 'settings.json', value: await settings(store) };
  const [vcenters, arrays] = [await store.systems.list('vcenter'), await store.systems.list('array')];
  yield { name: 'systems.json', value: [...vcenters, ...arrays].map(({ secretId: _, ...system }) => system) };
  yield { name: 'proxies.json', value: await store.proxies.list() };
  const repositories = await store.repositories.list();
  yield { name: 'repositories.json', value: repositories.map(({ secretId: _, ...other }) => other) };
  yield { name: 'jobs.json', value: await store.jobs.list() };
  yield { name: 'tables.json', value: await tables(deps) };
  yield { name: 'codes-seen.json', value: await codes(deps) };
  yield { name: 'journal-open.json', value: await openObjects(deps) };
  const runIds = wanted ?? (await newestRuns(deps));
  for (const id of runIds) {
    const [run, vms, steps, events, objects] = await Promise.all([
      store.runs.get(id),
      store.runVms.list(id),
      store.runLog.steps(id),
      store.runLog.events(id),
      store.ledger.open(id),
    ]);
    yield { name: `runs/${id}.json`, value: { run, vms, steps, events, openObjects: objects } };
  }
  yield { name: 'postgresql.log', value: await tailOf(join(dataFolder, 'postgresql.log')) };
}

const readme = `Support bundle of Leeward. It holds no passwords, tokens and keys; it does hold names and addresses of
systems, VMs, volumes and paths. Server and proxy write their log to stderr and keep no file of it: add what your service
manager has, for example \`journalctl -u leeward --since -1d\`.
`;

async function versions({ version, clock, db, store }: SupportDeps) {
  const { rows } = await sql<{
    version: string;
  }>`select current_setting('server_version') as version`.execute(db);
  return {
    leeward: version,
    node: process.version,
    postgresql: rows[0]?.version,
    system: { platform: platform(), release: release(), arch: arch() },
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    uptimeSeconds: Math.round(process.uptime()),
    madeAt: isoTime(clock.now()),
    installationId: store.installationId,
  };
}

async function settings({ settings: store }: Store) {
  const [limits, dataPath, monitoring, serverBackup] = await Promise.all([
    store.limits(),
    store.dataPath(),
    store.monitoring(),
    store.serverBackup(),
  ]);
  return { limits, dataPath, monitoring, serverBackup };
}

async function tables({ db }: SupportDeps) {
  const { rows } = await sql<{ table: string; rows: number; bytes: number }>`
    select schemaname || '.' || relname as table, n_live_tup as rows,
      pg_total_relation_size(relid) as bytes
    from pg_stat_user_tables order by 3 desc`.execute(db);
  return rows;
}

async function codes({ db }: SupportDeps) {
  const { rows } = await sql<{ code: string; times: number; last: Date }>`
    select code, count(*)::int as times, max(at) as last from (
      select code, at from run_event
      union all
      select problem->>'code', ended_at from run where problem is not null
      union all
      select run_vm.problem->>'code', run.ended_at from run_vm join run on run.id = run_vm.run_id
      where run_vm.problem is not null) as seen
    group by code order by 2 desc limit 500`.execute(db);
  return rows;
}

async function openObjects({ db }: SupportDeps) {
  const { rows } = await sql`
    select id, run_id, job_id, kind, system_id, name, state, created_at, updated_at from ledger
    where state in ('intended', 'present') order by created_at limit 5000`.execute(db);
  return rows;
}

async function newestRuns({ db }: SupportDeps): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from run order by started_at desc limit ${lastRuns}`.execute(db);
  return rows.map(({ id }) => id);
}

async function tailOf(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const from = Math.max(0, size - logTail);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.subarray(0, bytesRead).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return 'there is none: the database is not the embedded one\n';
    throw error;
  }
}
