import type { Job } from '@leeward/core';
import type { RunView } from '@leeward/server';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { badInputSite } from './bad-input-site.ts';
import { type Before, leftovers, lookAround } from './leftovers.ts';
import { runAndWait } from './runs.ts';
import type { Site } from './site.ts';

/** A site whose repository holds one good point, for tests of what a repository may suffer. */
export interface RepositorySite {
  readonly site: Site;
  readonly password: string;
  /** Over the one VM `plain`. */
  readonly job: Job;
  /** The run that made the point. */
  readonly good: RunView;
}

/** Starts and ends it with the tests around; after each of them nothing may be left on vCenter and arrays. */
export function useRepositorySite(onReady: (made: RepositorySite) => void): void {
  let site: Site;
  let before: Before;
  beforeAll(async () => {
    site = await badInputSite();
    await site.register();
    before = await lookAround(site);
    const password = await site.repositoryPassword();
    const job = await site.api.post<Job>('/jobs', { name: 'one', vms: ['plain'], repository: 'backups' });
    const good = await runAndWait(site, job);
    expect(good.run.state).toBe('success');
    onReady({ site, password, job, good });
  });
  afterAll(() => site?.stop());
  afterEach(async () => {
    expect(await leftovers(site, before)).toEqual([]);
  });
}
