import type { Job } from '@leeward/core';
import type { RunView } from '@leeward/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkpointWritten } from './support/checkpoints.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { folderBytesRead, siteWithPlainDatastore } from './support/plain-datastore.ts';
import { codesOf, compareRestores, ended, runAndWait, startRun } from './support/runs.ts';
import type { Site } from './support/site.ts';

const mebibyte = 2 ** 20;
const name = 'file-01';

describe('a VM that is read through vCenter, interrupted', () => {
  let site: Site;
  let before: Before;
  let job: Job;

  beforeAll(async () => {
    site = await siteWithPlainDatastore({ size: 0.03, plain: { [name]: [384] } });
    await site.register();
    before = await lookAround(site);
  }, 240_000);
  afterAll(() => site?.stop());
  afterEach(() => site.lab.doors.vcenter.delete('/faults'));

  let jobs = 0;
  /** Into a repository of its own, so that it is a full. */
  const startFull = async () => {
    const repository = `plain-${++jobs}`;
    const path = `${site.folder}/${repository}`;
    await site.api.post('/repositories', {
      name: repository,
      path,
      password: 'a secret of a test',
      init: true,
    });
    job = await site.api.post<Job>('/jobs', { name: repository, vms: [name], repository });
    await answersAfter(250);
    return startRun(site, job);
  };
  /** Answers come slowly enough for something to happen in between. */
  const answersAfter = (delayMs: number) =>
    site.lab.doors.vcenter.post('/faults', {
      ...{ path: `/folder/${name}/`, origin: 'vcenter', times: 0, action: { kind: 'delay', delayMs } },
    });
  const calm = () => site.lab.doors.vcenter.delete('/faults');
  const isWhole = async (view: RunView) => {
    expect([codesOf(view), view.run.state]).toEqual([['file-01 L-SRC-106'], 'success']);
    expect(view.vms.map(({ facts }) => facts.source)).toEqual(['standard']);
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
  };
  it.each(['proxy', 'server'])(
    'by the death of the %s: goes on where it was, on the same VMware snapshot',
    async (who) => {
      const runId = await startFull();
      // More than the packs that every thread has open; what is left is not read before it is interrupted.
      await folderBytesRead(site, 160 * mebibyte);
      await calm();
      await answersAfter(20_000);
      await checkpointWritten(site, runId);
      if (who === 'proxy') await site.killProxy();
      else {
        await site.killServer();
        await site.startServer();
      }
      await calm();
      const view = await ended(site, runId, 240_000);
      expect(view.vms[0]?.facts.resumedBytes).toBeGreaterThan(0);
      await isWhole(view);
      await site.proxyOnline();
    },
    300_000,
  );

  it('by an administrator: nothing is left, and the next run makes its point', async () => {
    const runId = await startFull();
    await folderBytesRead(site, 32 * mebibyte);
    await site.api.post(`/runs/${runId}/cancel`);
    const view = await ended(site, runId, 120_000);
    expect([view.run.state, view.vms[0]?.state]).toEqual(['cancelled', 'cancelled']);
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
    await calm();
    await isWhole(await runAndWait(site, job));
  }, 300_000);

  it('by a host that hands out nothing more: the VM fails, and its VMware snapshot is gone', async () => {
    const runId = await startFull();
    await folderBytesRead(site, 32 * mebibyte);
    await calm();
    await site.lab.doors.vcenter.post('/faults', {
      ...{ path: `/folder/${name}/`, origin: 'vcenter', times: 0, action: { kind: 'status', status: 403 } },
    });
    const view = await ended(site, runId, 240_000);
    expect([view.run.state, view.vms[0]?.state, view.vms[0]?.problem?.code]).toEqual([
      'failed',
      'failed',
      'L-NET-405',
    ]);
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
    await calm();
    await isWhole(await runAndWait(site, job));
  }, 400_000);
});
