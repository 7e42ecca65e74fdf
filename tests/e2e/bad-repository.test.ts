import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import { openRepository, RepositoryLock } from '@leeward/repository';
import type { RepositoryCheck, Run, RunView } from '@leeward/server';
import { describe, expect, it } from 'vitest';
import { useRepositorySite } from './support/repository-site.ts';
import { codesOf, compareRestores, ended, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

describe('what a bad repository gets', () => {
  let site: Site;
  let password: string;
  let job: Job;
  let good: RunView;

  useRepositorySite((made) => {
    ({ site, password, job, good } = made);
  });

  /** Runs the job, which must fail, and returns the code of the VM's problem. */
  const fails = async (of: Pick<Job, 'id'> = job): Promise<string | undefined> => {
    const view = await runAndWait(site, of);
    expect([view.run.state, view.run.problem?.code]).toEqual(['failed', 'L-RUN-106']);
    expect(view.openObjects).toEqual([]);
    expect(view.vms[0]?.problem?.what).not.toMatch(/unknown|undefined/);
    return view.vms[0]?.problem?.code;
  };
  const add = (body: object) => site.api.post('/repositories', body);
  const flipByte = async (path: string, at: number) => {
    const content = await readFile(path);
    const place = at < 0 ? content.length + at : at;
    content[place] = (content[place] ?? 0) ^ 1;
    await writeFile(path, content);
  };

  it('the first backup is good', () => {
    expect(good.run.state).toBe('success');
  });

  it('wrong password, no repository there, a repository there already', async () => {
    const path = site.repositoryPath;
    await expect(add({ name: 'x', path, password: 'wrong' })).rejects.toMatchObject({ code: 'L-REP-104' });
    const nowhere = join(site.folder, 'nowhere');
    await expect(add({ name: 'x', path: nowhere, password })).rejects.toMatchObject({ code: 'L-REP-101' });
    const again = add({ name: 'x', path, password, init: true });
    await expect(again).rejects.toMatchObject({ code: 'L-REP-102' });
  });

  it('locked by another program', async () => {
    const tools = { clock: systemClock, randomness: systemRandomness };
    const repository = await openRepository({ path: site.repositoryPath, password, ...tools });
    const lock = await RepositoryLock.acquire(repository, { exclusive: true });
    expect(await fails()).toBe('L-REP-106');
    await lock.release();
  });

  it('an index that is damaged: told by the check and by the run, which stores again what it cannot find', async () => {
    const folder = join(site.repositoryPath, 'index');
    const [name = ''] = await readdir(folder);
    await flipByte(join(folder, name), 40);
    const check = await site.api.post<RepositoryCheck>('/repositories/backups/check', {});
    expect(check.ok).toBe(false);
    expect(check.problems.map(({ code }) => code)).toContain('L-REP-111');
    const view = await runAndWait(site, job);
    expect(view.run.state).toBe('success');
    expect(codesOf(view)).toContain('plain L-REP-111');
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
    await flipByte(join(folder, name), 40);
  });

  it('a config that is gone', async () => {
    const config = join(site.repositoryPath, 'config');
    await rename(config, `${config}.away`);
    expect(await fails()).toBe('L-REP-101');
    await rename(`${config}.away`, config);
  });

  it('a pack that is damaged: found by a check that reads, and by a restore, which ends as failed', async () => {
    const packs = (await readdir(join(site.repositoryPath, 'data'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    for (const pack of packs) await flipByte(pack, 60);
    const check = await site.api.post<RepositoryCheck>('/repositories/backups/check', { readData: true });
    expect(check.ok).toBe(false);
    const point = good.vms[0]?.facts.pointId;
    const toFolder = join(site.folder, 'damaged');
    await mkdir(toFolder);
    const { id } = await site.api.post<Run>('/restores', { point, toFolder });
    const { run } = await ended(site, id);
    expect(run.state).toBe('failed');
    expect(run.problem?.code).toMatch(/^L-REP-11[12]$/);
    expect(run.problem?.what).not.toMatch(/unknown|undefined/);
    for (const pack of packs) await flipByte(pack, 60);
    const healed = await site.api.post<RepositoryCheck>('/repositories/backups/check', { readData: true });
    expect(healed.problems).toEqual([]);
  });

  it('a disk that is full', async ({ skip }) => {
    const path = join(site.folder, 'tiny');
    await mkdir(path);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { encoding: 'utf8' });
    if (mounted.status !== 0) return skip(`a small file system cannot be mounted: ${mounted.stderr ?? ''}`);
    try {
      await add({ name: 'tiny', path: join(path, 'repository'), password, init: true });
      const tiny = await site.api.post<Job>('/jobs', { name: 'tiny', vms: ['plain'], repository: 'tiny' });
      expect(await fails(tiny)).toBe('L-REP-107');
    } finally {
      spawnSync('umount', ['--lazy', path]);
    }
  });

  it('and afterwards all is as before', async () => {
    const view = await runAndWait(site, job);
    expect(view.run.state).toBe('success');
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
  });
});
