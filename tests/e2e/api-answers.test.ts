import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@leeward/core';
import type { MadeByHand, Point, RepositoryRepair, Run, RunView, SystemSummary } from '@leeward/server';
import { answerSchemas } from '@leeward/server/api/testing/answer-schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badInputSite } from './support/bad-input-site.ts';
import { ended, runAndWait, startRun } from './support/runs.ts';
import type { Site } from './support/site.ts';

/** What stands for `:id` and `:name`, what follows the path, and the input. */
interface Call {
  readonly id?: string | undefined;
  readonly name?: string;
  readonly query?: string;
  readonly input?: object;
}

describe('what the API really answers is what it describes', () => {
  let site: Site;
  let schemas: Awaited<ReturnType<typeof answerSchemas>>;
  let job: Job;
  let good: RunView;
  const asked = new Set<string>();

  beforeAll(async () => {
    site = await badInputSite();
    schemas = await answerSchemas();
    await register();
    job = await ask<Job>('POST /jobs', {
      input: { name: 'one', vms: ['plain', 'nobody'], repository: 'backups' },
    });
    good = await runAndWait(site, job);
  });
  afterAll(() => site?.stop());

  async function register(): Promise<void> {
    const { vcenter, arrays } = site.lab;
    const common = async ({ name, host, port, username, fingerprint, passwordFile }: typeof vcenter) => ({
      ...{ name, host, port, username, fingerprint },
      password: (await readFile(passwordFile, 'utf8')).trim(),
    });
    // Registered, forgotten while nothing needs them, and registered again.
    await ask('POST /vcenters', { input: await common(vcenter) });
    await ask('DELETE /vcenters/:id', { id: vcenter.name });
    await ask('POST /vcenters', { input: await common(vcenter) });
    for (const array of arrays) {
      const nfsPorts: unknown = JSON.parse(await readFile(array.nfsPortsFile ?? '', 'utf8'));
      const input = { ...(await common(array)), family: array.family, nfsPorts };
      await ask('POST /arrays', { input });
      await ask('DELETE /arrays/:id', { id: array.name });
      await ask('POST /arrays', { input });
    }
    const input = { name: 'backups', path: site.repositoryPath, password: 'correct horse', init: true };
    await ask('POST /repositories', { input });
    await site.proxyOnline();
  }

  /** Calls a route and holds the answer against its schema: nothing missing, nothing that is not described. */
  async function ask<T>(route: string, { id = '', name = '', query = '', input }: Call = {}): Promise<T> {
    asked.add(route);
    const [method, template = ''] = route.split(' ');
    const path = `${template.replace(':id', encodeURIComponent(id)).replace(':name', name)}${query}`;
    const { api } = site;
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      GET: () => api.get(path),
      POST: () => api.post(path, input),
      PATCH: () => api.patch(path, input ?? {}),
      DELETE: () => api.delete(path),
    };
    const answer = await calls[method ?? '']?.();
    const schema = schemas.get(route);
    if (!schema) throw new Error(`${route} has no schema`);
    const { data, error } = schema.safeParse(answer);
    expect(error?.message).toBeUndefined();
    expect(data).toEqual(answer);
    return answer as T;
  }

  it('of the server, vCenters and arrays', async () => {
    await ask('GET /health');
    const [vcenter] = await ask<SystemSummary[]>('GET /vcenters');
    await ask('POST /vcenters/:id/rescan', { id: vcenter?.id });
    await ask('GET /vcenters/:id/inventory', { id: vcenter?.id });
    for (const { id } of await ask<SystemSummary[]>('GET /arrays')) {
      await ask('POST /arrays/:id/rescan', { id });
      await ask('POST /arrays/:id/test', { id });
      await ask('GET /arrays/:id/inventory', { id });
    }
    for (const id of ['ontap', 'nimble']) await ask('GET /array-families/:id/permissions', { id });
    await ask('GET /topology');
    await ask('GET /topology', { query: '?vm=foreign' });
    await ask('GET /topology/relations');
    await ask('GET /vms');
    await ask('GET /vms', { query: '?find=plain&job=one&protection=in-time&vcenter=vcenter&array=ontap-b' });
    await ask('GET /vms/counts', { query: '?withinHours=48' });
    await ask('GET /vcenters/:id', { id: vcenter?.id });
    await ask('GET /arrays/:id', { id: 'ontap-a' });
    await ask('GET /settings');
    await ask('PATCH /settings', { input: { limits: { standardVmsPerHost: 2 } } });
  });

  it('of systems that are changed', async () => {
    await ask('PATCH /vcenters/:id', { id: 'vcenter', input: { port: site.lab.vcenter.port } });
    for (const id of ['ontap-a', 'ontap-b'])
      await ask('PATCH /arrays/:id', { id, input: { chap: { username: 'c', password: 'twelve-letters' } } });
    for (const id of ['ontap-a', 'ontap-b']) await ask('PATCH /arrays/:id', { id, input: { chap: null } });
  });

  it('of an array whose relation is broken, and of one that cannot be read', async () => {
    const door = site.lab.doors.secondary;
    await door.post('/actions', { action: 'setRelationState', volume: 'svm1:vm_ds1', state: 'broken_off' });
    const [, secondary] = site.lab.arrays;
    await ask('POST /arrays/:id/rescan', { id: secondary?.name });
    await ask('GET /arrays/:id/inventory', { id: secondary?.name });
    const paths = await ask<{ problem?: object }[]>('GET /topology');
    expect(paths.some(({ problem }) => problem !== undefined)).toBe(true);
    await door.post('/actions', { action: 'setRelationState', volume: 'svm1:vm_ds1', state: 'snapmirrored' });
    await door.post('/settings', { reachable: false });
    await ask('POST /jobs/:id/plan', { id: job.id });
    const arrays = await ask<SystemSummary[]>('GET /arrays');
    await door.post('/settings', { reachable: true });
    expect(arrays.map(({ problem }) => problem?.code)).toContainEqual(expect.stringMatching(/^L-ARR-/));
    await ask('POST /arrays/:id/rescan', { id: secondary?.name });
  });

  it('of proxies and repositories', async () => {
    await ask('GET /proxies');
    await ask('POST /proxies/:id/probe', { id: 'local' });
    await ask('PATCH /proxies/:id', { id: 'local', input: { restoreFolders: [site.folder] } });
    await ask('GET /proxies/:id', { id: 'local' });
    await ask('GET /repositories');
    await ask('GET /repositories/usage');
    await ask('GET /repositories/:id', { id: 'backups' });
    const input = { name: 'second', path: join(site.folder, 'second'), password: 'x', init: true };
    await ask('POST /repositories', { input });
    await ask('PATCH /repositories/:id', { id: 'second', input: { password: 'x' } });
    const [pack = ''] = await packsIn(site.repositoryPath);
    const content = await readFile(pack);
    await writeFile(pack, content.subarray(0, 99));
    await ask('POST /repositories/:id/check', { id: 'backups', input: { readData: true } });
    await writeFile(pack, content);
    await ask('POST /repositories/:id/check', { id: 'backups', input: { readData: true } });
    await ask('POST /repositories/:id/repair', { id: 'second', input: {} });
    await ask('POST /repositories/:id/rescan', { id: 'backups' });
    await ask('POST /repositories', { input: { ...input, name: 'third', path: join(site.folder, 'third') } });
    await ask('DELETE /repositories/:id', { id: 'third' });
  });

  it('of jobs and runs: one that was good for one VM and not for the other, before, meanwhile and after', async () => {
    expect(good.run.state).toBe('partly');
    await ask('GET /jobs');
    await ask('GET /jobs/:id', { id: 'one' });
    await ask('POST /jobs/:id/plan', { id: 'one' });
    await ask('POST /jobs/:id/explain', { id: 'one', input: { vm: 'plain' } });
    await ask('PATCH /jobs/:id', { id: 'one', input: { keepPoints: 100 } });
    const without = await ask<Job>('PATCH /jobs/:id', { id: 'one', input: { keepPoints: null } });
    expect(without).not.toHaveProperty('keepPoints');
    const vms = ['nobody'];
    await ask('POST /jobs', { input: { name: 'gone', vms, repository: 'backups' } });
    await ask('DELETE /jobs/:id', { id: 'gone' });
    await ask('GET /runs/:id', { id: good.run.id });
    const { id } = await ask<Run>('POST /jobs/:id/run', { id: 'one' });
    for (let polls = 0; polls < 400; polls++) {
      const { run } = await ask<RunView>('GET /runs/:id', { id });
      if (run.endedAt) break;
    }
    const cancelled = await startRun(site, job);
    await ask('POST /runs/:id/cancel', { id: cancelled });
    await ended(site, cancelled);
    const { id: retry } = await ask<Run>('POST /runs/:id/retry', { id: cancelled });
    expect((await ended(site, retry)).run.retryOf).toBe(cancelled);
    expect((await ask<RunView>('GET /runs/:id', { id: cancelled })).retriedBy).toBe(retry);
    await ask('GET /runs', { query: '?limit=3&job=one&kind=backup' });
    await ask('GET /mounts');
    await ask('GET /chains');
    await ask('GET /chains', { query: '?job=one' });
    const { name } = await ask<MadeByHand>('POST /jobs/:id/chains', { id: 'one' });
    await ask('GET /jobs/:id/chains', { id: 'one' });
    await ask('POST /jobs/:id/chains/adopt', { id: 'one' });
    await ask('DELETE /jobs/:id/chains/:name', { id: 'one', name, query: '?side=primary&force=false' });
  });

  it('of points and restores: one that is good and one that is refused', async () => {
    const [point] = await ask<Point[]>('GET /points');
    await ask('GET /points/:id', { id: point?.id });
    const toFolder = join(site.folder, 'restored');
    await mkdir(toFolder);
    for (const state of ['success', 'failed']) {
      const { id } = await ask<Run>('POST /restores', { input: { point: point?.id, toFolder } });
      expect((await ended(site, id)).run.state).toBe(state);
      const { run } = await ask<RunView>('GET /runs/:id', { id });
      expect(run.target).toEqual({
        ...{ pointId: point?.id, vmName: 'plain', frozenAt: point?.createdAt },
        ...{ repositoryId: point?.repositoryId, proxy: 'local', folder: toFolder, overwrite: false },
      });
    }
  });

  it('of a repair', async () => {
    const [pack = ''] = await packsIn(site.repositoryPath);
    await rm(pack);
    const id = 'backups';
    const { packs } = await ask<RepositoryRepair>('POST /repositories/:id/repair', { id, input: {} });
    expect(packs).toHaveLength(1);
  });

  it('of the server itself: whether it is ready, its configuration and its backup', async () => {
    await ask('GET /ready');
    const document = await ask<object>('GET /config');
    const jobs = [{ name: 'another', vms: ['plain'], repository: 'backups' }];
    await ask('POST /config/plan', { input: { ...document, jobs } });
    await ask('GET /server/backup');
    await ask('POST /server/backup', { input: { repository: 'second' } });
    await ask('GET /server/backup');
  });

  it('of a plan of what is no job yet, schedules and reports', async () => {
    const input = { name: 'planned', vms: ['plain'], repository: 'backups' };
    await ask('POST /plan', { input });
    await ask('POST /schedules/preview', { input: { cron: 'daily at 22:00', count: 2 } });
    const schedule = { cron: 'daily at 22:00', timeZone: 'Europe/Berlin' };
    await ask('PATCH /jobs/:id', { id: 'one', input: { schedule } });
    await ask('POST /jobs/:id/disable', { id: 'one' });
    await ask('POST /jobs/:id/enable', { id: 'one' });
    await ask('GET /jobs/:id/times', { id: 'one' });
    await ask('PATCH /jobs/:id', { id: 'one', input: { schedule: null } });
    await ask('GET /runs/:id/report', { id: good.run.id });
    await ask('GET /reports/daily');
    await ask('GET /reports/protection');
  });

  it('of notifications: one that cannot be delivered', async () => {
    const target = { kind: 'syslog', host: '127.0.0.1', port: 9, transport: 'tcp' };
    const rules = { topics: ['run'], jobs: ['one'] };
    await ask('POST /notification-channels', { input: { name: 'log', rules, target } });
    await ask('GET /notification-channels');
    await ask('PATCH /notification-channels/:id', { id: 'log', input: { rules: { jobs: null } } });
    await ask('POST /notification-channels/:id/test', { id: 'log' });
    await ask('GET /notification-channels/:id', { id: 'log' });
    await ask('GET /notification-deliveries', { query: '?channel=log' });
    await ask('DELETE /notification-channels/:id', { id: 'log' });
  });

  it('of a sign-in provider, orphans, and a proxy that runs', async () => {
    await ask('GET /sign-in-ways');
    const roles = [{ value: 'backup', role: 'operator' }];
    const provider = { issuer: 'https://127.0.0.1:9', clientId: 'leeward', secretFrom: 'none', roles };
    // Settings that do not work are not taken; those that do are asked in tests/interop/oidc-provider.test.ts.
    await expect(ask('PATCH /oidc', { input: provider })).rejects.toMatchObject({ code: 'L-AUT-151' });
    for (const route of ['GET /oidc', 'POST /oidc/test', 'DELETE /oidc'])
      await expect(ask(route)).rejects.toMatchObject({ code: 'L-AUT-150' });
    await ask('GET /orphans');
    await ask('POST /orphans/clean');
    await expect(ask('DELETE /proxies/:id', { id: 'local' })).rejects.toMatchObject({ code: 'L-PRX-105' });
  });

  it('of who asks, and of what was changed', async () => {
    await ask('GET /session');
    await ask('GET /audit', { query: '?limit=500' });
  });

  it('and no route was left out', () => {
    // Those of signing in are asked over HTTPS: packages/server/src/process/https.test.ts.
    const elsewhere = /^\w+ \/(session|setup|users|tokens)/;
    const left = [...schemas.keys()].filter((route) => !asked.has(route) && !elsewhere.test(route));
    expect(left).toEqual([]);
  });
});

async function packsIn(repository: string): Promise<string[]> {
  const entries = await readdir(join(repository, 'data'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}
