import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Before, leftovers, lookAround } from '../e2e/support/leftovers.ts';
import { freezeSecondaryWhenRead, siteWithOneBigVm } from '../e2e/support/one-big-vm.ts';
import { ended, runAndWait, startRun, stepBegun } from '../e2e/support/runs.ts';
import type { Site } from '../e2e/support/site.ts';
import { holdTransfers, transferBegun } from '../e2e/support/transfers.ts';
import { until } from '../e2e/support/until.ts';

const mebibyte = 1024 * 1024;

describe('cancelling a run', () => {
  let site: Site;
  let before: Before;
  let job: { id: string };

  beforeAll(async () => {
    site = await siteWithOneBigVm(256);
    job = await site.register();
    before = await lookAround(site);
  });
  afterAll(() => site?.stop());
  afterEach(async () => {
    for (const door of Object.values(site.lab.doors)) await door.delete('/faults');
  });

  const cancel = (runId: string) => site.api.post(`/runs/${runId}/cancel`);
  const endsCancelled = async (runId: string) => {
    const view = await ended(site, runId);
    expect([view.run.state, view.run.problem?.code]).toEqual(['cancelled', 'L-RUN-102']);
    expect(view.vms.map(({ state, problem }) => [state, problem?.code])).toEqual([
      ['cancelled', 'L-RUN-102'],
    ]);
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
  };

  it('while the VMware snapshot is being made', async () => {
    const action = { kind: 'delay', delayMs: 3_000 };
    await site.lab.doors.vcenter.post('/faults', { method: 'CreateSnapshot_Task', stage: 'task', action });
    const runId = await startRun(site, job);
    await until('the fault to strike', async () => {
      const faults = (await site.lab.doors.vcenter.get('/faults')) as { fired: number }[];
      return faults.some(({ fired }) => fired > 0);
    });
    await cancel(runId);
    await endsCancelled(runId);
  });

  it('while the storage snapshot is being made', async () => {
    const action = { kind: 'delay', delayMs: 3_000 };
    const path = '/api/storage/volumes/*/snapshots';
    await site.lab.doors.primary.post('/faults', { at: 'rest', method: 'POST', path, times: 1, action });
    const runId = await startRun(site, job);
    await until('the fault to strike', async () => {
      const { faults } = (await site.lab.doors.primary.get('/faults')) as { faults: { hits: number }[] };
      return faults.some(({ hits }) => hits > 0);
    });
    await cancel(runId);
    await endsCancelled(runId);
  });

  it('while it is transferred', async () => {
    const letGo = await holdTransfers(site);
    const runId = await startRun(site, job);
    await transferBegun(site);
    await cancel(runId);
    await endsCancelled(runId);
    await letGo();
  });

  it('while it is read', async () => {
    const runId = await startRun(site, job);
    await stepBegun(site, runId, 'read');
    const thaw = await freezeSecondaryWhenRead(site, 8 * mebibyte);
    await cancel(runId);
    thaw();
    await endsCancelled(runId);
  });

  it('does not stand in the way of the next run', async () => {
    expect((await runAndWait(site, job)).run.state).toBe('success');
    expect(await leftovers(site, before)).toEqual([]);
  });
});
