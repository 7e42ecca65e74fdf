import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@leeward/platform';
import type { RepositoryCheck } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freezeSecondaryWhenRead, siteWithOneBigVm } from './support/one-big-vm.ts';
import { ended, runAndWait, startRun, stepBegun } from './support/runs.ts';
import type { Site } from './support/site.ts';

const mebibyte = 1024 * 1024;
const twoHoursSeconds = 2 * 3_600;

describe('what a killed proxy leaves in the repository', () => {
  let site: Site;
  let job: { id: string };

  beforeAll(async () => {
    site = await siteWithOneBigVm(192);
    job = await site.register();
  });
  afterAll(() => site?.stop());

  const unfinished = async () => {
    const entries = await readdir(join(site.repositoryPath, 'data'), {
      recursive: true,
      withFileTypes: true,
    });
    return entries
      .filter(({ name }) => name.includes('-tmp-'))
      .map(({ parentPath, name }) => join(parentPath, name));
  };

  it('is there after a kill -9 in the middle of a read, and the run goes on', async () => {
    const runId = await startRun(site, job);
    await stepBegun(site, runId, 'read');
    const thaw = await freezeSecondaryWhenRead(site, 64 * mebibyte);
    await site.killProxy();
    thaw();
    expect((await ended(site, runId)).run.state).toBe('success');
    expect((await unfinished()).length).toBeGreaterThan(0);
  });

  it('stays while it may be in use, and goes with the next run once it is old', async () => {
    const left = await unfinished();
    expect((await runAndWait(site, job)).run.state).toBe('success');
    expect(await unfinished()).toEqual(left);
    const seconds = systemClock.now() / 1_000 - twoHoursSeconds;
    for (const path of left) await utimes(path, seconds, seconds);
    expect((await runAndWait(site, job)).run.state).toBe('success');
    expect(await unfinished()).toEqual([]);
    const report = await site.api.post<RepositoryCheck>('/repositories/backups/check', { readData: true });
    expect(report.problems).toEqual([]);
  });
});
