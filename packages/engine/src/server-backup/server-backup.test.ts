import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobDefaults, LeewardError } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import { listPoints, type Repository } from '@leeward/repository';
import { initTestRepository, storeTestPoint, testPassword } from '@leeward/repository/testing/fixture';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../application/open-store.ts';
import { openDatabase } from '../database/open-database.ts';
import type { StoreSchema } from '../store/schema.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { ServerBackup } from './read-server-backup.ts';
import { type RestoreServer, restoreServer } from './restore-server.ts';
import { type WriteServerBackup, writeServerBackup } from './write-server-backup.ts';

const tools = { clock: systemClock, randomness: systemRandomness };
const big = 'x'.repeat(3_000_000);
let tests: StoreOfTests;
let folder = '';
let repository: Repository;

beforeAll(async () => {
  tests = await openStoreOfTests();
  folder = await mkdtemp(join(tmpdir(), 'leeward-server-backup-'));
  repository = await initTestRepository(join(folder, 'repository'));
  const { store } = tests;
  await store.secrets.put('array/a1', 'hunter2-Zq9');
  const settings = { host: 'h', port: 1, username: 'u"\\\n\u2028ü', trust: { kind: 'ca' } } as const;
  await store.systems.add({ id: 'a1', kind: 'array', name: 'site-b', settings, secretId: 'array/a1' });
  await store.systems.saveInventory('a1', { form: 1, content: { big } }, '2026-11-26T12:00:00.123Z');
  await store.jobs.add({ ...jobDefaults, id: 'j', name: 'nightly', vms: ['x'], repositoryId: 'r' });
  await store.runs.add({ id: 'r1', jobId: 'j', kind: 'backup', startedAt: '2026-11-26T12:00:00Z' });
  await store.runs.end('r1', 'success', '2026-11-26T12:10:00Z');
  await store.runs.add({ id: 'r2', jobId: 'j', kind: 'backup', startedAt: '2026-11-26T13:00:00Z' });
  await store.runVms.put({ runId: 'r2', vmKey: 'v', name: 'web-01', state: 'running' });
  for (let at = 0; at < 450; at++)
    await store.runLog.event('r1', `vm-${at}`, new LeewardError('L-RUN-105', { kind: 'x', id: String(at) }));
  const entry = { runId: 'r2', jobId: 'j', systemId: 'a1', name: 'n', detail: { a: 1.5 } };
  await store.ledger.intend({ ...entry, id: 'l', kind: 'storage-snapshot' });
});
afterAll(async () => {
  await tests.close();
  await rm(folder, { recursive: true, force: true });
});

function backup(changes: Partial<WriteServerBackup> = {}) {
  const { store, db } = tests;
  const { installationId } = store;
  const common = { db: db, repository, installationId, ...tools };
  return writeServerBackup({ ...common, version: '1.2.3', keep: 2, ...changes });
}

async function restoreInto(name: string, changes: Partial<RestoreServer> = {}) {
  const dataFolder = join(folder, name);
  const common = { path: join(folder, 'repository'), password: testPassword, dataFolder, ...tools };
  return restoreServer({ ...common, secretKey: { file: join(tests.folder, 'secret.key') }, ...changes });
}

describe('a backup of the server', () => {
  it('brings every table back as it was; what was under way is over, and numbers go on', async () => {
    const made = await backup();
    expect(made.sizeBytes).toBeGreaterThan(big.length);
    const restored = await restoreInto('new');
    expect(restored).toMatchObject({
      ...{ snapshotId: made.snapshotId, version: '1.2.3', rows: made.rows },
      ...{ interruptedRuns: ['r2'], hasSecrets: true },
    });
    const dataFolder = join(folder, 'new');
    const database = await openDatabase({ dataFolder, clock: systemClock });
    const { store, db } = await openStore({ url: database.url, dataFolder, ...tools });
    expect(store.installationId).toBe(tests.store.installationId);
    expect(await store.secrets.reveal('array/a1')).toBe('hunter2-Zq9');
    expect(await store.systems.inventory('a1')).toEqual({ form: 1, content: { big } });
    expect(await store.runs.get('r1')).toEqual(await tests.store.runs.get('r1'));
    expect(await store.runs.get('r2')).toMatchObject({ state: 'failed', problem: { code: 'L-OPS-114' } });
    expect(await store.runVms.list('r2')).toMatchObject([
      { state: 'failed', problem: { code: 'L-OPS-114' } },
    ]);
    expect(await store.ledger.openRuns()).toEqual(['r2']);
    for (const table of ['run_event', 'ledger', 'system', 'job', 'run_step', 'point', 'app_user']) {
      const rows = (of: Kysely<StoreSchema>) =>
        sql.raw(`select row_to_json(t)::text as line from ${table} t order by 1`).execute(of);
      const [before, after] = await Promise.all([rows(tests.db), rows(db)]);
      expect([table, after.rows]).toEqual([table, before.rows]);
    }
    await store.runLog.event('r1', 'new', new LeewardError('L-RUN-102'));
    const events = await store.runLog.events('r1');
    expect([events.length, events.at(-1)?.vmKey]).toEqual([451, 'new']);
    await db.destroy();
    await database.stop();
  });

  it('keeps so many of this installation, and touches no point of others', async () => {
    const point = await storeTestPoint(repository, { vmName: 'web-01', disks: [] });
    const other = await backup({ installationId: 'another' });
    await backup();
    const { removed, snapshotId } = await backup();
    expect(removed).toHaveLength(1);
    const { points } = await listPoints(repository);
    const ids = points.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([point, other.snapshotId, snapshotId]));
    expect(ids).toHaveLength(4);
  });

  it('holds no secret in the clear', async () => {
    await backup();
    const opened = await ServerBackup.open(repository, 'x');
    const lines: string[] = [];
    for (const table of opened.manifest.tables) for await (const line of opened.rows(table)) lines.push(line);
    const text = lines.join('\n');
    expect(text).toContain('nightly');
    for (const form of ['utf8', 'base64', 'hex'] as const)
      expect(text).not.toContain(Buffer.from('hunter2-Zq9').toString(form));
    const key = (await readFile(join(tests.folder, 'secret.key'), 'utf8')).trim();
    expect(text).not.toContain(key);
  });

  it('is restored without the key too, which is said; another key is refused before anything is made', async () => {
    expect(await restoreInto('keyless', { secretKey: undefined })).toMatchObject({ hasSecrets: false });
    const other = join(folder, 'other.key');
    await writeFile(other, 'ab'.repeat(32), { mode: 0o600 });
    const failing = restoreInto('wrong', { secretKey: { file: other } });
    await expect(failing).rejects.toMatchObject({ code: 'L-AUT-131' });
    await expect(readFile(join(folder, 'wrong', 'server.pid'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is not restored over anything', async () => {
    await expect(restoreInto('keyless')).rejects.toMatchObject({ code: 'L-OPS-110' });
    const { databaseUrl } = tests;
    await expect(restoreInto('empty', { databaseUrl })).rejects.toMatchObject({ code: 'L-OPS-110' });
  });

  it('has to be there, and of a form that is known here', async () => {
    await expect(restoreInto('none', { snapshot: 'ffffffffffff' })).rejects.toMatchObject({
      code: 'L-OPS-111',
    });
    const name = '9999-future';
    await sql`insert into kysely_migration (name, timestamp) values (${name}, '')`.execute(tests.db);
    try {
      const newer = await backup();
      const failing = restoreInto('newer', { snapshot: newer.snapshotId });
      await expect(failing).rejects.toMatchObject({
        ...{ code: 'L-OPS-112', details: { version: '1.2.3', reason: '9999-future is not known here' } },
      });
    } finally {
      await sql`delete from kysely_migration where name = ${name}`.execute(tests.db);
    }
  });
});
