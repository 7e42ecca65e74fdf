import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@leeward/core';
import type { Point, RemovedRepository, RepositoryRescan, RunView } from '@leeward/server';
import { describe, expect, it } from 'vitest';
import { useRepositorySite } from './support/repository-site.ts';
import { compareRestores, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

describe('a repository that is forgotten, registered again and rescanned', () => {
  let site: Site;
  let password: string;
  let job: Job;
  let good: RunView;
  let incremental: RunView;

  useRepositorySite((made) => {
    ({ site, password, job, good } = made);
  });

  const points = () => site.api.get<Point[]>('/points');
  const rescan = () => site.api.post<RepositoryRescan>('/repositories/backups/rescan');
  const remove = () => site.api.delete<RemovedRepository>('/repositories/backups');

  it('is not forgotten while a job needs it', async () => {
    await expect(remove()).rejects.toMatchObject({
      code: 'L-CFG-116',
      message: expect.stringContaining('job "one"'),
    });
    expect(await rescan()).toEqual({ known: 1, added: 0, gone: 0, others: 0, problems: [] });
  });

  it('gives all its points back, which restore as before', async () => {
    incremental = await runAndWait(site, job);
    const before = await points();
    expect(before.map(({ facts }) => facts.kind)).toEqual(['incremental', 'full']);
    for (const name of ['one', 'nightly']) await site.api.delete(`/jobs/${name}`);
    expect(await remove()).toMatchObject({ repository: { name: 'backups' }, points: 2 });
    expect(await points()).toEqual([]);

    const input = { name: 'backups', path: site.repositoryPath, password };
    await site.api.post('/repositories', input);
    expect(await rescan()).toEqual({ known: 0, added: 2, gone: 0, others: 0, problems: [] });
    const imported = before.map((point) => ({
      ...{ ...point, jobId: 'imported:one' },
      facts: { ...point.facts, disks: point.facts.disks.map(({ changeId: _, ...disk }) => disk) },
    }));
    expect(await points()).toEqual(imported);
    for (const view of [good, incremental])
      expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
    expect((await rescan()).added).toBe(0);
  });

  it('goes by no change tracking from points of before: the next backup reads in full', async () => {
    job = await site.api.post<Job>('/jobs', { name: 'one', vms: ['plain'], repository: 'backups' });
    const view = await runAndWait(site, job);
    expect([view.run.state, view.vms[0]?.facts.kind]).toEqual(['success', 'full']);
    expect((await runAndWait(site, job)).vms[0]?.facts.kind).toBe('incremental');
  });

  it('forgets what somebody removed, and says what it cannot take up', async () => {
    const [newest, ...others] = await points();
    const snapshots = join(site.repositoryPath, 'snapshots');
    await rm(join(snapshots, newest?.id ?? ''));
    const damaged = 'ab'.repeat(32);
    await writeFile(join(snapshots, damaged), 'no snapshot');
    const found = await rescan();
    expect(found).toMatchObject({ known: 3, added: 0, gone: 1, others: 0 });
    expect(found.problems.map(({ code, what }) => [code, what.includes('abab')])).toEqual([
      ['L-REP-111', true],
    ]);
    expect(await points()).toEqual(others);
    expect(await readdir(snapshots)).toContain(damaged);
  });
});
