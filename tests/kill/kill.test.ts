import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Point, Run } from '@leeward/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkpointWritten } from '../e2e/support/checkpoints.ts';
import { type Before, leftovers, lookAround } from '../e2e/support/leftovers.ts';
import {
  bytesReadOnSecondary,
  freezeSecondaryWhenRead,
  siteWithOneBigVm,
} from '../e2e/support/one-big-vm.ts';
import { compareRestores, ended, startRun, stepBegun } from '../e2e/support/runs.ts';
import type { Site } from '../e2e/support/site.ts';
import { holdTransfers, transferBegun, transfersStarted } from '../e2e/support/transfers.ts';
import { until } from '../e2e/support/until.ts';

const mebibyte = 1024 * 1024;

describe('kill -9 in the middle', () => {
  let site: Site;
  let before: Before;
  let job: { id: string };

  beforeAll(async () => {
    site = await siteWithOneBigVm();
    job = await site.register();
    before = await lookAround(site);
  });
  afterAll(() => site?.stop());
  afterEach(async () => {
    await site.lab.doors.secondary.delete('/faults');
  });

  const endsWell = async (runId: string) => {
    const view = await ended(site, runId);
    expect(view.run.problem).toBeUndefined();
    expect(view.run.state).toBe('success');
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
    return view;
  };

  it('of a read: the proxy is started again and goes on from its checkpoint', async () => {
    const runId = await startRun(site, job);
    await stepBegun(site, runId, 'read');
    const [proxy] = site.proxyPids();
    const thaw = await freezeSecondaryWhenRead(site, 250 * mebibyte);
    await checkpointWritten(site, runId);
    await site.killProxy();
    thaw();
    await until('another proxy', async () => site.proxyPids().some((pid) => pid !== proxy));
    const view = await endsWell(runId);
    expect(view.vms[0]?.facts.resumedBytes).toBeGreaterThan(0);
  });

  it('of a transfer: the server goes on with the transfer that is under way', async () => {
    const startedBefore = await transfersStarted(site);
    const letGo = await holdTransfers(site, 30);
    const runId = await startRun(site, job);
    await stepBegun(site, runId, 'transfer');
    await transferBegun(site);
    await site.killServer();
    await site.startServer();
    await letGo();
    await endsWell(runId);
    expect(await transfersStarted(site)).toBe(startedBefore + 1);
  });

  it('of a transfer: the death of the proxy does not matter', async () => {
    const startedBefore = await transfersStarted(site);
    const letGo = await holdTransfers(site, 30);
    const runId = await startRun(site, job);
    await transferBegun(site);
    await site.killProxy();
    await letGo();
    await endsWell(runId);
    expect(await transfersStarted(site)).toBe(startedBefore + 1);
  });

  it('of a restore: it is done again after the restart, and what was half written does not stand in its way', async () => {
    const [point] = await site.api.get<Point[]>('/points');
    const toFolder = join(site.folder, 'half-restored');
    await mkdir(toFolder);
    const { id } = await site.api.post<Run>('/restores', { point: point?.id, toFolder });
    await stepBegun(site, id, 'restore');
    await until('something to be written', async () => (await readdir(toFolder)).length > 0, { everyMs: 10 });
    await site.killProxy();
    const { run } = await ended(site, id);
    expect([run.state, run.problem?.what]).toEqual(['success', undefined]);
  });

  it('of a read: with the server its proxy goes; both go on from the checkpoint after the restart', async () => {
    // A job of its own has no point to compare with, so the disk is read in full again.
    const password = await site.repositoryPassword();
    await site.api.post('/repositories', {
      ...{ name: 'second', path: `${site.folder}/second`, password, init: true },
    });
    const vms = site.lab.vms.map(({ path }) => path);
    const full = await site.api.post<{ id: string }>('/jobs', { name: 'full', vms, repository: 'second' });
    const runId = await startRun(site, full);
    await stepBegun(site, runId, 'read');
    const readBefore = await bytesReadOnSecondary(site);
    const thaw = await freezeSecondaryWhenRead(site, 250 * mebibyte);
    await checkpointWritten(site, runId);
    await site.killServer();
    thaw();
    await site.startServer();
    const view = await endsWell(runId);
    const { resumedBytes = 0, bytes } = view.vms[0]?.facts ?? {};
    expect(resumedBytes).toBeGreaterThan(0);
    expect(await bytesReadOnSecondary(site)).toBeLessThan(readBefore + 2 * (bytes?.provisioned ?? 0));
  });
});
