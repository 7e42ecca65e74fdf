import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../application/open-store.ts';
import { type Database, openDatabase } from '../database/open-database.ts';

let folder = '';
let database: Database;
let opened: Awaited<ReturnType<typeof openStore>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-log-'));
  const tools = { dataFolder: folder, clock: systemClock };
  database = await openDatabase(tools);
  opened = await openStore({ ...tools, url: database.url, randomness: systemRandomness });
});
afterAll(async () => {
  await opened?.db.destroy();
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('keeps what is done once more apart from what was done before, also when it is told twice', async () => {
  const { runLog, runs } = opened.store;
  await runs.add({ id: 'run', jobId: 'j', kind: 'backup', startedAt: new Date(0).toISOString() });
  const freeze = (answer: string, scopes: readonly string[]) =>
    runLog.step(
      'run',
      scopes,
      'vmware-snap',
      async () => answer,
      (detail) => ({ detail }),
    );
  await freeze('first', ['vm-1', 'vm-2']);
  for (let time = 0; time < 2; time++) await runLog.setAside('run', 'vm-1', ['vmware-snap']);
  await freeze('second', ['vm-1']);
  const steps = await runLog.steps('run');
  expect(steps.map(({ scope, name, detail }) => [scope, name, detail])).toEqual([
    ['vm-1', 'earlier-vmware-snap', { detail: 'first' }],
    ['vm-2', 'vmware-snap', { detail: 'first' }],
    ['vm-1', 'vmware-snap', { detail: 'second' }],
  ]);
});
