import type { Job } from '@leeward/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { doorTo, startBlockSite } from '../e2e/support/block-site.ts';
import { checkpointWritten } from '../e2e/support/checkpoints.ts';
import { type Before, leftovers, lookAround } from '../e2e/support/leftovers.ts';
import { bytesReadOnSecondary, freezeSecondaryWhenRead } from '../e2e/support/one-big-vm.ts';
import { compareRestores, ended, startRun, stepBegun } from '../e2e/support/runs.ts';
import type { Site } from '../e2e/support/site.ts';
import { until } from '../e2e/support/until.ts';

const mebibyte = 1024 * 1024;
const big = 'Büro [alt] Server 01';

const stateSchema = z.object({
  volumeCollections: z.array(
    z.object({
      snapshotCollections: z.array(z.object({ name: z.string(), replicationStatus: z.string().nullish() })),
    }),
  ),
});

describe('kill -9 in the middle, over iSCSI', () => {
  let site: Site;
  let before: Before;

  beforeAll(async () => {
    site = await startBlockSite({
      size: 0.05,
      scenario: 'full',
      vcenter: (config) => ({
        ...config,
        vms: config.vms.map((vm) =>
          vm.name === big
            ? { ...vm, disks: [{ sizeBytes: 512 * mebibyte, fill: { seed: 1, ratio: 0.6 } }] }
            : vm,
        ),
      }),
    });
    await site.register();
    before = await lookAround(site);
  }, 180_000);
  afterAll(() => site?.stop());

  const jobOver = (name: string, vm: string) =>
    site.api.post<Job>('/jobs', { name, vms: [vm], repository: 'backups' });
  const endsWell = async (runId: string) => {
    const view = await ended(site, runId, 180_000);
    expect([view.run.state, view.run.problem?.what]).toEqual(['success', undefined]);
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
    return view;
  };

  it('of a read: the proxy is started again and goes on from its checkpoint', async () => {
    const readBefore = await bytesReadOnSecondary(site);
    const runId = await startRun(site, await jobOver('over LUNs', big));
    await stepBegun(site, runId, 'read');
    const [proxy] = site.proxyPids();
    const thaw = await freezeSecondaryWhenRead(site, 160 * mebibyte);
    await checkpointWritten(site, runId);
    await site.killProxy();
    thaw();
    await until('another proxy', async () => site.proxyPids().some((pid) => pid !== proxy));
    const { resumedBytes = 0, bytes, transport } = (await endsWell(runId)).vms[0]?.facts ?? {};
    expect(transport).toBe('iscsi');
    expect(resumedBytes).toBeGreaterThan(0);
    // What was read before the death is not read again, but for what no checkpoint held.
    expect(await bytesReadOnSecondary(site)).toBeLessThan(readBefore + 2 * (bytes?.provisioned ?? 0));
  }, 180_000);

  it('of a transfer of groups: the server goes on with the one that is under way', async () => {
    const upstream = doorTo(site, 'nimble-a');
    const ours = async () =>
      stateSchema
        .parse(await upstream.get('/state'))
        .volumeCollections.flatMap(({ snapshotCollections }) => snapshotCollections)
        .filter(({ name }) => name.startsWith('leeward'));
    const action = { kind: 'hang', atPercent: 30 };
    await upstream.post('/faults', { at: 'step', step: 'replication', action });
    const runId = await startRun(site, await jobOver('over groups', 'web-01'));
    await stepBegun(site, runId, 'transfer');
    await until('a transfer to be under way', async () =>
      (await ours()).some(({ replicationStatus }) => replicationStatus === 'in_progress'),
    );
    await site.killServer();
    await site.startServer();
    await upstream.delete('/faults');
    await endsWell(runId);
    expect((await ours()).map(({ replicationStatus }) => replicationStatus)).toEqual(['complete']);
  }, 180_000);
});
