import type { Job } from '@leeward/core';
import type { RunView, Settings } from '@leeward/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { folderFigures, hostFolderFigures, siteWithPlainDatastore } from './support/plain-datastore.ts';
import { codesOf, compareRestores, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

let site: Site;
let before: Before;
let hostPort: number;
let jobs = 0;

beforeAll(async () => {
  hostPort = await freePort();
  site = await siteWithPlainDatastore({
    ...{ size: 0.03, hostPort },
    plain: { 'at-host': [24, 8], 'at-unknown-host': [8] },
  });
  await site.register();
  before = await lookAround(site);
}, 240_000);
afterAll(() => site?.stop());

async function run(vm: string): Promise<RunView> {
  const body = { name: `job-${++jobs}`, vms: [vm], repository: 'backups' };
  const job = await site.api.post<Job>('/jobs', body);
  await site.lab.doors.vcenter.delete('/counters');
  return runAndWait(site, job);
}

async function isExact(view: RunView, disks: number): Promise<void> {
  expect(view.run.state).toBe('success');
  expect(view.openObjects).toEqual([]);
  expect(await leftovers(site, before)).toEqual([]);
  expect(await compareRestores(site, view)).toEqual({ compared: disks, differing: [] });
}

it('through vCenter unless told otherwise', async () => {
  const settings = await site.api.get<Settings>('/settings');
  expect(settings.dataPath.standardThrough).toBe('vcenter');
  await isExact(await run('at-host'), 2);
  expect((await folderFigures(site)).bytesSent).toBeGreaterThan(0);
  expect((await hostFolderFigures(site, hostPort)).ticketsUsed).toBe(0);
}, 240_000);

it('at the ESXi host itself, each request with a ticket, nothing through vCenter', async () => {
  await site.api.patch('/settings', { dataPath: { standardThrough: 'host' } });
  const view = await run('at-host');
  expect(codesOf(view)).toEqual(['at-host L-SRC-106']);
  await isExact(view, 2);
  expect((await folderFigures(site)).bytesSent).toBe(0);
  const host = await hostFolderFigures(site, hostPort);
  expect(host.bytesSent).toBeGreaterThan(8 * 2 ** 20);
  expect(host.ticketsUsed).toBeGreaterThanOrEqual(host.requests);
  expect(host.peak).toBeLessThanOrEqual(4);
}, 240_000);

it('through vCenter all the same where the host cannot be reached, and the run says so', async () => {
  const view = await run('at-unknown-host');
  expect(codesOf(view).toSorted()).toEqual(['at-unknown-host L-SRC-106', 'at-unknown-host L-SRC-120']);
  expect((await folderFigures(site)).bytesSent).toBeGreaterThan(0);
}, 240_000);
