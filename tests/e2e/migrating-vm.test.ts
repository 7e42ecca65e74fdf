import type { VmPlan } from '@leeward/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRestores, ended, show, startRun, stepBegun } from './support/runs.ts';
import { Site } from './support/site.ts';

describe('a VM that is being migrated', () => {
  let site: Site;
  let job: { id: string };

  beforeAll(async () => {
    site = await Site.start({ size: 0.02 });
    job = await site.register();
    const migration = { kind: 'relocate', durationMs: 3_600_000 };
    await site.lab.doors.vcenter.post('/vms/web-01/migration', migration);
  });
  afterAll(() => site?.stop());

  it('is explained: every path, each with its reason, over the API', async () => {
    const moved = await site.api.post<VmPlan>(`/jobs/${job.id}/explain`, { vm: 'web-01' });
    expect(moved.considered.map(({ path, verdict, reason }) => [path, verdict, reason?.code])).toEqual([
      ['secondary', 'not', 'L-PLN-139'],
      ['primary', 'not', 'L-PLN-139'],
      ['standard', 'not', 'L-PLN-139'],
    ]);
    expect(moved.problem?.what).toContain('VirtualMachine.relocate');
    const other = await site.api.post<VmPlan>(`/jobs/${job.id}/explain`, { vm: 'db-01' });
    expect(other.considered[0]).toEqual({ path: 'secondary', verdict: 'chosen' });
    await expect(site.api.post(`/jobs/${job.id}/explain`, { vm: 'nobody' })).rejects.toMatchObject({
      code: 'L-PLN-151',
    });
  });

  it('is waited for by a run, which then backs it up like the others', { timeout: 150_000 }, async () => {
    const runId = await startRun(site, job);
    await stepBegun(site, runId, 'migration');
    await site.lab.doors.vcenter.delete('/vms/web-01/migration');
    const view = await ended(site, runId);
    expect(view.run.state).toBe('success');
    expect((await show(site, runId)).vms.map(({ state }) => state)).toEqual(Array(3).fill('success'));
    expect((await compareRestores(site, view)).differing).toEqual([]);
  });
});
