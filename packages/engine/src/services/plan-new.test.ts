import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandomness, systemClock } from '@leeward/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../application/open-store.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import { JobService, type JobServiceDeps } from './job-service.ts';

let folder = '';
let database: Database;
let opened: Awaited<ReturnType<typeof openStore>>;
let jobs: JobService;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-plan-new-'));
  const tools = { dataFolder: folder, clock: systemClock };
  const randomness = new SeededRandomness(1);
  database = await openDatabase(tools);
  opened = await openStore({ ...tools, url: database.url, randomness });
  // No vCenter and no array is registered, so nobody is asked; nothing is started.
  const deps = { store: opened.store, clock: systemClock, randomness } as unknown as BackupDeps;
  jobs = new JobService(deps, {} as JobServiceDeps);
});
afterAll(async () => {
  await opened?.db.destroy();
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

const alone = { name: 'kept', vms: ['web-01'], snapshotOnly: true, secondaryKeep: 3 };

it('plans a job that there is not, and leaves none behind', async () => {
  const plan = await jobs.planNew(alone);
  expect(plan.job).toMatchObject({ name: 'kept', vms: ['web-01'], secondaryKeep: 3, snapshotOnly: true });
  expect(plan.unresolved).toMatchObject([{ member: 'web-01' }]);
  expect(plan.effects).toEqual([]);
  expect(await jobs.list()).toEqual([]);
});

it('refuses what the creation would refuse', async () => {
  await expect(jobs.planNew({ name: 'j', vms: ['v'] })).rejects.toMatchObject({ code: 'L-CFG-151' });
  await expect(jobs.planNew({ ...alone, secondaryKeep: undefined })).rejects.toMatchObject({
    code: 'L-CFG-152',
  });
  await expect(jobs.planNew({ ...alone, schedule: { cron: 'never' } })).rejects.toMatchObject({
    code: 'L-SCH-104',
  });
  await jobs.create(alone);
  await expect(jobs.planNew(alone)).rejects.toMatchObject({ code: 'L-CFG-101' });
  expect(await jobs.list()).toHaveLength(1);
});
