import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepositoryCheck } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRestores, ended, runAndWait, startRun } from './support/runs.ts';
import { Site } from './support/site.ts';

describe('a job that keeps two points of each VM', () => {
  let site: Site;
  let job: { id: string };
  const points = () => site.api.get<{ id: string; vmName: string; runId: string }[]>('/points');
  const inRepository = () => readdir(join(site.repositoryPath, 'snapshots'));

  beforeAll(async () => {
    site = await Site.start({ size: 0.02 });
    job = await site.register((path, body) => (path === '/jobs' ? { ...body, keepPoints: 2 } : body));
  });
  afterAll(() => site?.stop());

  it('removes the oldest ones after a run, here and in the repository, and goes on incrementally', async () => {
    const views = [];
    for (let count = 0; count < 4; count++) views.push(await runAndWait(site, job));
    expect(views.map(({ run }) => run.state)).toEqual(Array(4).fill('success'));
    expect(views.at(-1)?.vms.map(({ facts }) => facts.kind)).toEqual(
      views.at(-1)?.vms.map(() => 'incremental'),
    );
    const newest = views.slice(-2).flatMap(({ vms }) => vms.map(({ facts }) => facts.pointId));
    expect((await points()).map(({ id }) => id).sort()).toEqual([...newest].sort());
    expect((await inRepository()).sort()).toEqual([...newest].sort());
    const report = await site.api.post<RepositoryCheck>('/repositories/backups/check', { readData: true });
    expect(report.problems).toEqual([]);
    const last = views.at(-1);
    if (last) expect((await compareRestores(site, last)).differing).toEqual([]);
  });

  it('can be changed, and forgotten when no run of it goes on', async () => {
    const edited = await site.api.patch<{ keepPoints: number; vms: string[] }>('/jobs/nightly', {
      keepPoints: 1,
    });
    expect(edited).toMatchObject({ keepPoints: 1, name: 'nightly' });
    const { run, vms } = await runAndWait(site, job);
    expect(run.state).toBe('success');
    const newest = vms.map(({ facts }) => facts.pointId);
    expect((await inRepository()).sort()).toEqual([...newest].sort());
    const started = await startRun(site, job);
    await expect(site.api.delete('/jobs/nightly')).rejects.toMatchObject({ code: 'L-RUN-104' });
    await ended(site, started);
    const removed = await site.api.delete<{ storageSnapshots: string[] }>('/jobs/nightly');
    expect(removed.storageSnapshots.length).toBeGreaterThan(0);
    expect(await site.api.get('/jobs')).toEqual([]);
    expect(await points()).toHaveLength(vms.length);
  });
});
