import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import { addKey, openRepository, RepositoryLock, removeKey } from '@leeward/repository';
import { testKdfCost } from '@leeward/repository/testing/fixture';
import type { RepositoryCheck, Run } from '@leeward/server';
import { describe, expect, it } from 'vitest';
import { useRepositorySite } from './support/repository-site.ts';
import { codesOf, compareRestores, ended, runAndWait, show, startRun } from './support/runs.ts';
import type { Site } from './support/site.ts';
import { until } from './support/until.ts';

const tools = { clock: systemClock, randomness: systemRandomness };

describe('a repository that changed between its registration and a run', () => {
  let site: Site;
  let password: string;
  let job: Job;

  useRepositorySite((made) => {
    ({ site, password, job } = made);
  });

  /** Runs the job, which must fail with this code at its VM, and leaves nothing open. */
  const fails = async (code: string, of: Pick<Job, 'id'> = job) => {
    const view = await runAndWait(site, of);
    expect([view.run.state, view.run.problem?.code, view.vms[0]?.state, view.vms[0]?.problem?.code]).toEqual([
      'failed',
      'L-RUN-106',
      'failed',
      code,
    ]);
    expect(view.openObjects).toEqual([]);
    for (const text of [view.vms[0]?.problem?.what, view.vms[0]?.problem?.next])
      expect(text).not.toMatch(/unknown|undefined|\{\w+\}/);
  };
  const succeeds = async (of: Pick<Job, 'id'> = job) => {
    const view = await runAndWait(site, of);
    expect([view.run.state, view.run.problem]).toEqual(['success', undefined]);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
    return view;
  };
  const open = (secret: string) => openRepository({ path: site.repositoryPath, password: secret, ...tools });
  const flipByte = async (path: string, at: number) => {
    const content = await readFile(path);
    content[at] = (content[at] ?? 0) ^ 1;
    await writeFile(path, content);
  };

  it('its password was changed: nothing is written, restores say the same, and it is good again after', async () => {
    const repository = await open(password);
    await addKey(repository, 'another', testKdfCost);
    const other = await open('another');
    await removeKey(other, repository.keyId);
    const packs = await filesIn(join(site.repositoryPath, 'data'));
    await fails('L-REP-104');
    expect(await filesIn(join(site.repositoryPath, 'data'))).toEqual(packs);
    const [point] = await site.api.get<{ id: string }[]>('/points');
    const { id } = await site.api.post<Run>('/restores', {
      point: point?.id,
      toFolder: join(site.folder, 'no'),
    });
    expect((await ended(site, id)).run).toMatchObject({ state: 'failed', problem: { code: 'L-REP-104' } });
    await expect(site.api.post('/repositories/backups/check', {})).rejects.toMatchObject({
      code: 'L-REP-104',
    });
    await addKey(other, password, testKdfCost);
    await succeeds();
  });

  it('its config is damaged', async () => {
    const config = join(site.repositoryPath, 'config');
    await flipByte(config, 20);
    await fails('L-REP-111');
    await flipByte(config, 20);
    await succeeds();
  });

  it('its key is damaged', async () => {
    const folder = join(site.repositoryPath, 'keys');
    const names = await readdir(folder);
    for (const name of names) await flipByte(join(folder, name), 30);
    await fails('L-REP-111');
    for (const name of names) await flipByte(join(folder, name), 30);
    await succeeds();
  });

  it('its folder is gone, as when a share is not mounted: nothing appears in its place', async () => {
    const away = `${site.repositoryPath}.away`;
    await rename(site.repositoryPath, away);
    await fails('L-REP-101');
    expect(await readdir(site.folder)).not.toContain('repository');
    await rename(away, site.repositoryPath);
    await succeeds();
  });

  it('its packs are damaged: the run says that it cannot build on the last point, the check names the damage', async () => {
    const [point] = await site.api.get<{ id: string }[]>('/points');
    const packs = await filesIn(join(site.repositoryPath, 'data'));
    for (const pack of packs) await flipByte(pack, 60);
    const view = await runAndWait(site, job);
    const report = await site.api.post<RepositoryCheck>('/repositories/backups/check', { readData: true });
    expect(report.ok).toBe(false);
    expect(report.points.find(({ id }) => id === point?.id)?.damagedPaths).not.toEqual([]);
    // Read in full; what a check finds damaged must be healed before this point is whole too.
    expect([view.run.state, codesOf(view), view.openObjects]).toEqual(['success', ['plain L-REP-126'], []]);
    for (const pack of packs) await flipByte(pack, 60);
    await succeeds();
  });

  it('another program locks it for itself while the run waits for the array, and goes away in time', async () => {
    const repository = await open(password);
    const lock = await RepositoryLock.acquire(repository, { exclusive: true });
    const runId = await startRun(site, job);
    const mounted = async () => (await show(site, runId)).steps.some(({ name }) => name === 'mount');
    await until('the storage snapshot to be mounted', mounted);
    await lock.release();
    expect((await ended(site, runId)).run.state).toBe('success');
  });

  it('its disk is full in the middle: the next run is good once there is space', async ({ skip }) => {
    const path = join(site.folder, 'tiny');
    await mkdir(path);
    const mount = (...options: string[]) => spawnSync('mount', options, { encoding: 'utf8' });
    const mounted = mount('-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path);
    if (mounted.status !== 0) return skip(`a small file system cannot be mounted: ${mounted.stderr ?? ''}`);
    try {
      const input = { name: 'tiny', path: join(path, 'repository'), password, init: true };
      await site.api.post('/repositories', input);
      const tiny = await site.api.post<Job>('/jobs', { name: 'tiny', vms: ['plain'], repository: 'tiny' });
      await fails('L-REP-107', tiny);
      const unfinished = (await filesIn(path)).filter((name) => name.includes('-tmp-'));
      expect(unfinished).toEqual([]);
      expect(mount('-o', 'remount,size=64m', path).status).toBe(0);
      await succeeds(tiny);
      const report = await site.api.post<RepositoryCheck>('/repositories/tiny/check', { readData: true });
      expect(report.problems).toEqual([]);
    } finally {
      spawnSync('umount', ['--lazy', path]);
    }
  });
});

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}
