import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import { listPoints, type Repository } from '@leeward/repository';
import { initTestRepository, testPassword } from '@leeward/repository/testing/fixture';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKysely } from '../database/kysely.ts';
import { silentLog } from '../flow/flow-log.ts';
import { ServerBackupService } from '../services/server-backup-service.ts';
import type { StoreSchema } from '../store/schema.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { inBackground } from './background.ts';
import { operationsTasks } from './operations-tasks.ts';

const tools = { clock: systemClock, randomness: systemRandomness, log: silentLog };
let opened: StoreOfTests;
let folder = '';
let repository: Repository;
beforeAll(async () => {
  opened = await openStoreOfTests();
  folder = await mkdtemp(join(tmpdir(), 'leeward-tasks-'));
  const path = join(folder, 'repository');
  repository = await initTestRepository(path);
  const { store } = opened;
  await store.secrets.put('r', testPassword);
  await store.repositories.add({
    ...{ id: 'r', name: 'backups', path, resticId: repository.config.id, secretId: 'r' },
  });
  await store.settings.changeServerBackup({ repositoryId: 'r' });
});
afterAll(async () => {
  await opened?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A server as far as its tasks go. */
function server(signal: AbortSignal) {
  const { store, databaseUrl } = opened;
  const db = createKysely<StoreSchema>(databaseUrl);
  const deps = { ...tools, store, db, version: '1.2.3', environment: {} };
  const serverBackups = new ServerBackupService(deps);
  const acting = inBackground(operationsTasks({ serverBackups }, deps), deps, signal);
  return { serverBackups, ended: () => acting.then(() => db.destroy()) };
}

it('servers on one database make the backup that is due once', async () => {
  const stop = new AbortController();
  const servers = [server(stop.signal), server(stop.signal), server(stop.signal)];
  await expect
    .poll(() => Promise.all(servers.map(({ serverBackups }) => serverBackups.last())), { timeout: 30_000 })
    .not.toContain(null);
  stop.abort();
  await Promise.all(servers.map(({ ended }) => ended()));
  expect((await listPoints(repository)).points).toHaveLength(1);
  const due = servers.map(({ serverBackups }) => serverBackups.makeDue());
  await Promise.all(due);
  expect((await listPoints(repository)).points).toHaveLength(1);
}, 60_000);
