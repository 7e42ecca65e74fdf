import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../application/open-store.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import type { Store } from './store.ts';

let folder = '';
let database: Database;
let opened: Awaited<ReturnType<typeof openStore>>;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-runs-'));
  const tools = { dataFolder: folder, clock: systemClock };
  database = await openDatabase(tools);
  opened = await openStore({ ...tools, url: database.url, randomness: systemRandomness });
  store = opened.store;
});
afterAll(async () => {
  await opened?.db.destroy();
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

const at = (second: number) => new Date(Date.UTC(2026, 10, 25, 20, 0, second)).toISOString();

it('keeps what a restore restores, and where', async () => {
  const target = {
    pointId: 'f'.repeat(64),
    vmName: 'Büro [alt] 01',
    frozenAt: at(0),
    repositoryId: 'r',
    proxy: 'local',
    folder: '/srv/out',
    overwrite: false,
  };
  await store.runs.add({ id: 'restore', jobId: 'j', kind: 'restore', startedAt: at(1), target });
  await store.runs.add({ id: 'backup', jobId: 'j', kind: 'backup', startedAt: at(2) });
  expect((await store.runs.get('restore')).target).toEqual(target);
  expect(await store.runs.get('backup')).not.toHaveProperty('target');
});

it('finds runs by the beginning of their id, which is text and no pattern', async () => {
  for (const [second, id] of ['a_1', 'a%2', 'ab3'].entries())
    await store.runs.add({ id, jobId: 'j', kind: 'backup', startedAt: at(second) });
  const found = async (prefix: string, limit = 9) =>
    (await store.runs.beginningWith(prefix, limit)).map(({ id }) => id);
  expect(await found('a')).toEqual(['ab3', 'a%2', 'a_1']);
  expect(await found('a', 1)).toEqual(['ab3']);
  expect(await found('a_')).toEqual(['a_1']);
  expect(await found('a%')).toEqual(['a%2']);
  expect(await found('b')).toEqual(['backup']);
});

it("adds one run of a job at a time, however many ask at once; a restore stands in nobody's way", async () => {
  await store.runs.add({ id: 'restoring', jobId: 'busy', kind: 'restore', startedAt: at(0) });
  const ask = (id: string) => store.runs.addUnlessRunning({ id, jobId: 'busy', startedAt: at(1) });
  const ids = Array.from({ length: 8 }, (_, number) => `busy-${number}`);
  const answers = await Promise.all(ids.map(ask));
  const added = ids.filter((_, at) => answers[at] === undefined);
  expect(added).toHaveLength(1);
  expect(new Set(answers.map((running) => running?.id))).toEqual(new Set([undefined, added[0]]));
  await store.runs.end(added[0] ?? '', 'success', at(2));
  expect(await ask('busy-later')).toBeUndefined();
});

it('tells of each job what its backups stored since the first one that brought points', async () => {
  const run = async (id: string, second: number, state: 'success' | 'failed', stored: number) => {
    await store.runs.add({ id, jobId: 'growing', kind: 'backup', startedAt: at(second) });
    const bytes = { provisioned: 0, changed: 0, read: 0, stored };
    await store.runVms.put({ runId: id, vmKey: 'v', name: 'v', state }, { bytes });
    await store.runs.end(id, state, at(second + 1));
  };
  await run('g1', 0, 'failed', 1);
  await run('g2', 10, 'success', 1_000);
  await run('g3', 20, 'success', 30);
  await run('g4', 30, 'failed', 5);
  await store.runs.add({ id: 'g5', jobId: 'growing', kind: 'backup', startedAt: at(40) });
  await store.runs.add({ id: 'h1', jobId: 'never', kind: 'backup', startedAt: at(0) });
  const of = async (sinceMs: number) =>
    (await store.runs.storedByJob(sinceMs)).filter(({ jobId }) => ['growing', 'never'].includes(jobId));
  expect(await of(0)).toEqual([{ jobId: 'growing', sinceMs: Date.parse(at(11)), storedBytes: 35 }]);
  expect(await of(Date.parse(at(25)))).toEqual([
    { jobId: 'growing', sinceMs: Date.parse(at(25)), storedBytes: 5 },
  ]);
});

it('keeps of what a run is the retry, and the part of the job that it is about', async () => {
  const scope = { members: ['web'], vmKeys: ['vc/vm-1'] };
  await store.runs.add({ id: 'first', jobId: 'retried', kind: 'backup', startedAt: at(1) });
  await store.runs.add({
    id: 'again',
    jobId: 'retried',
    kind: 'backup',
    startedAt: at(2),
    retryOf: 'first',
    scope,
  });
  expect(await store.runs.get('again')).toMatchObject({ retryOf: 'first' });
  expect(await store.runs.get('first')).not.toHaveProperty('retryOf');
  expect([await store.runs.scopeOf('again'), await store.runs.scopeOf('first')]).toEqual([scope, undefined]);
  expect([await store.runs.retryOf('first'), await store.runs.retryOf('again')]).toEqual([
    'again',
    undefined,
  ]);
  expect(await store.runs.newestBackup('retried')).toBe('again');
  const [newest] = await store.runs.page({ jobId: 'retried' }, 1);
  expect(newest).toMatchObject({ id: 'again', retryOf: 'first' });
  expect(newest).not.toHaveProperty('scope');
});
