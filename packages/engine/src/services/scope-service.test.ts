import { type Job, jobDefaults } from '@leeward/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { ScopeService } from './scope-service.ts';

let opened: StoreOfTests;
let scopes: ScopeService;
const startedAt = '2026-11-26T10:00:00.000Z';

const point = (id: string, jobId: string, createdAt: string) => ({
  ...{ id, jobId, createdAt, vmKey: 'vm-1', vmName: 'web-01', vcenterName: 'vc', runId: `run-${jobId}` },
  ...{ repositoryId: 'r', source: 'secondary' as const },
  facts: {
    ...{ vmPath: '/DC1/vm/web-01', kind: 'full' as const, frozenAt: createdAt, disks: [] },
    bytes: { provisioned: 1, changed: 1, read: 1, stored: 1 },
  },
});

beforeAll(async () => {
  opened = await openStoreOfTests();
  const { store } = opened;
  scopes = new ScopeService({ store });
  for (const name of ['a-web', 'b-web']) {
    const job: Job = { ...jobDefaults, id: `id-${name}`, name, vms: ['web-01'], repositoryId: 'r' };
    await store.jobs.add(job);
    await store.runs.add({ id: `2026-${name}`, jobId: job.id, kind: 'backup', startedAt });
  }
  await store.points.add(point('aaaa11', 'id-a-web', '2026-11-26T10:00:00.000Z'));
  await store.points.add(point('aaaa22', 'id-b-web', '2026-11-26T11:00:00.000Z'));
});
afterAll(() => opened?.close());

it('finds what is of visible jobs, and nothing else, by names and beginnings of ids', async () => {
  const visible = await scopes.visible([{ jobs: ['a-*'] }]);
  expect(visible.ids).toEqual(['id-a-web']);
  expect(scopes.jobId(visible, 'a-web')).toBe('id-a-web');
  expect(scopes.jobId(visible, 'id-a')).toBe('id-a-web');
  expect(() => scopes.jobId(visible, 'b-web')).toThrow(/L-CFG-102/);
  expect(await scopes.runId(visible, '2026')).toBe('2026-a-web');
  await expect(scopes.runId(visible, '2026-b')).rejects.toThrow(/L-CFG-102/);
  expect(await scopes.pointId(visible, 'aaaa')).toBe('aaaa11');
  await expect(scopes.pointId(visible, 'aaaa2')).rejects.toThrow(/L-CFG-102/);
  expect((await scopes.newestPoint(visible, 'web-01'))?.id).toBe('aaaa11');
});

it('knows whether there is something that is not seen', async () => {
  expect(await scopes.exists('job', 'b-web')).toBe(true);
  expect(await scopes.exists('run', '2026-b')).toBe(true);
  expect(await scopes.exists('point', 'aaaa22')).toBe(true);
  expect(await scopes.exists('run', 'none')).toBe(false);
});

it('sees nothing where no job fits', async () => {
  const nothing = await scopes.visible([{ jobs: ['c'] }]);
  expect(nothing.ids).toEqual([]);
  await expect(scopes.runId(nothing, '2026')).rejects.toThrow(/L-CFG-102/);
  expect(await scopes.newestPoint(nothing, 'web-01')).toBeUndefined();
  const { store } = opened;
  expect(await store.runs.page({ jobIds: [] }, 10)).toEqual([]);
  expect(await store.points.page({ jobIds: ['id-b-web'] }, 10)).toHaveLength(1);
});
