import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LimitedPlace, limitDefaults } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../application/open-store.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import type { Store } from './store.ts';

let folder = '';
let database: Database;
let opened: Awaited<ReturnType<typeof openStore>>;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-places-'));
  const tools = { dataFolder: folder, clock: systemClock };
  database = await openDatabase(tools);
  opened = await openStore({ ...tools, url: database.url, randomness: systemRandomness });
  store = opened.store;
  for (const id of ['run-a', 'run-b', 'run-c'])
    await store.runs.add({ id, jobId: `job of ${id}`, kind: 'backup', startedAt: new Date().toISOString() });
});
afterAll(async () => {
  await opened?.db.destroy();
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

const ds1: LimitedPlace = { limit: 'vmwareSnapshotsPerDatastore', id: 'vc/ds-1', name: 'ds1' };

describe('room for VMware snapshots in the database', () => {
  const limits = { ...limitDefaults, vmwareSnapshotsPerDatastore: 2 };
  const request = (runId: string, ...vms: string[]) => ({
    ...{ id: `${runId}/g1`, runId },
    holds: Object.fromEntries(vms.map((vm) => [vm, [ds1]])),
  });

  it('is held over all runs, VM by VM, in the order of coming', async () => {
    expect(await store.places.take(request('run-a', 'vm-1', 'vm-2'), limits)).toBe(undefined);
    expect(await store.places.take(request('run-b', 'vm-3', 'vm-4'), limits)).toEqual({
      ...{ place: ds1, runIds: ['run-a'] },
    });
    // Asked again, as by a replay: what is granted stays granted.
    expect(await store.places.take(request('run-a', 'vm-1', 'vm-2'), limits)).toBe(undefined);
    await store.places.release('run-a', ['vm-1']);
    expect(await store.places.take(request('run-c', 'vm-5'), limits)).toEqual({
      ...{ place: ds1, runIds: ['run-a', 'run-b'] },
    });
    await store.places.release('run-a', ['vm-2', 'vm-9']);
    expect(await store.places.take(request('run-b', 'vm-3', 'vm-4'), limits)).toBe(undefined);
    expect(await store.places.take(request('run-c', 'vm-5'), limits)).toBeDefined();
  });
  it('is free when the run that had it has ended, however', async () => {
    await store.runs.end('run-b', 'failed', new Date().toISOString());
    expect(await store.places.take(request('run-c', 'vm-5'), limits)).toBe(undefined);
    await store.places.release('run-c', ['vm-5']);
  });
  it('no limit is exceeded by many that ask at the same moment', async () => {
    const runs = Array.from({ length: 8 }, (_, at) => `many-${at}`);
    for (const id of runs)
      await store.runs.add({ id, jobId: id, kind: 'backup', startedAt: new Date().toISOString() });
    const answers = await Promise.all(runs.map((id) => store.places.take(request(id, 'vm'), limits)));
    expect(answers.filter((answer) => answer === undefined).length).toBe(2);
  });
});

describe('settings', () => {
  it('are as by default until changed, one by one', async () => {
    expect(await store.settings.limits()).toEqual(limitDefaults);
    await store.settings.changeLimits({ standardVmsPerHost: 7 });
    await store.settings.changeLimits({ vmwareSnapshotsPerHost: 3 });
    expect(await store.settings.limits()).toEqual({
      ...limitDefaults,
      ...{ standardVmsPerHost: 7, vmwareSnapshotsPerHost: 3 },
    });
    expect(await store.settings.dataPath()).toEqual({ giveUpSeconds: 120, standardThrough: 'vcenter' });
    await store.settings.changeDataPath({ giveUpSeconds: 30 });
    expect(await store.settings.dataPath()).toEqual({ giveUpSeconds: 30, standardThrough: 'vcenter' });
  });
});

describe('durations of steps', () => {
  it('the newest of each VM, without those that failed', async () => {
    const since = Date.now() - 60_000;
    const step = (runId: string, work: () => Promise<unknown>) =>
      store.runLog.step(runId, ['vm-1'], 'vmware-snap', work).catch(() => undefined);
    for (const id of ['run-a', 'run-b', 'run-c']) await step(id, async () => 1);
    await step('many-0', () => Promise.reject(new Error('no')));
    const found = await store.runLog.durations(['vmware-snap'], since, 2);
    expect(found.map(({ scope, name }) => [scope, name])).toEqual([
      ['vm-1', 'vmware-snap'],
      ['vm-1', 'vmware-snap'],
    ]);
    expect(await store.runLog.durations(['vmware-snap'], Date.now() + 60_000, 2)).toEqual([]);
  });
});
