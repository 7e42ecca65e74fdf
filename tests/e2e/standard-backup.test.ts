import type { Job, Plan } from '@leeward/core';
import { truthOf } from '@leeward/lab';
import type { RunView } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { folderFigures, siteWithPlainDatastore } from './support/plain-datastore.ts';
import { codesOf, compareRestores, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

const stateSchema = z.object({
  volumes: z.array(z.object({ snapshots: z.array(z.object({ name: z.string(), createMs: z.number() })) })),
});

describe('a job of VMs on known arrays and on other storage', () => {
  let site: Site;
  let before: Before;
  let job: Job;

  beforeAll(async () => {
    site = await siteWithPlainDatastore({
      size: 0.03,
      plain: { 'file-01': [32, 16], 'file-02': [16], 'file-03': [16] },
    });
    await site.register();
    before = await lookAround(site);
    job = await site.api.post<Job>('/jobs', {
      ...{ name: 'mixed', vms: ['web-01', 'file-01', 'file-02', 'file-03'], repository: 'backups' },
    });
  }, 240_000);
  afterAll(() => site?.stop());

  const roads = ({ vms }: RunView) =>
    vms.map(({ name, facts }) => [name, facts.source, facts.transport, facts.kind].join(' '));
  const expected = (kind: string) => [
    ...['file-01', 'file-02', 'file-03'].map((name) => `${name} standard http ${kind}`),
    `web-01 secondary nfs ${kind}`,
  ];

  /** By the record of vCenter. */
  const lives = async ({ vms }: RunView) => {
    const truths = await Promise.all(
      vms.map(
        async ({ name, facts }) =>
          [name, await truthOf(site.lab, name, facts.vmwareSnapshot?.name ?? '')] as const,
      ),
    );
    return new Map(
      truths.map(([name, { createdAt, removedAt }]) => {
        return [name, { fromMs: Date.parse(createdAt), toMs: Date.parse(removedAt ?? '') }];
      }),
    );
  };

  const isInOrder = async (view: RunView) => {
    const lifeOf = await lives(view);
    const { volumes } = stateSchema.parse(await site.lab.doors.primary.get('/state'));
    const made = volumes
      .flatMap(({ snapshots }) => snapshots)
      .filter(({ name }) => name.includes(view.run.id))
      .map(({ createMs }) => createMs);
    const web = lifeOf.get('web-01');
    expect(made.length).toBeGreaterThan(0);
    const others = [...lifeOf].filter(([name]) => name !== 'web-01').map(([, life]) => life);
    for (const { fromMs } of others) {
      expect(fromMs).toBeGreaterThan(Math.max(...made));
      expect(fromMs).toBeGreaterThan(web?.toMs ?? Number.NaN);
    }
    const atOnce = others.map(
      ({ fromMs }) => others.filter((each) => each.fromMs <= fromMs && fromMs < each.toMs).length,
    );
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(2);
  };

  it('the plan tells which VM goes the standard way and why', async () => {
    const plan = await site.api.post<Plan>(`/jobs/${job.id}/plan`);
    expect(plan.vms.map(({ name, source, notTaken }) => [name, source, notTaken[0]?.reason.code])).toEqual([
      ['web-01', 'secondary', 'L-PLN-121'],
      ...['file-01', 'file-02', 'file-03'].map((name) => [name, 'standard', 'L-PLN-103']),
    ]);
    expect(plan.effects.filter(({ what }) => what.endsWith('read through vCenter'))).toHaveLength(3);
  });

  it.each(['full', 'incremental'])(
    'is backed up %s: storage-snapshot VMs first, byte for byte, nothing left',
    async (kind) => {
      await site.lab.doors.vcenter.delete('/counters');
      const view = await runAndWait(site, job);
      const seen = [codesOf(view).toSorted(), view.run.state, roads(view)];
      const told = ['file-01', 'file-02', 'file-03'].map((name) => `${name} L-SRC-106`);
      expect(seen).toEqual([told, 'success', expected(kind)]);
      expect(view.openObjects).toEqual([]);
      expect(await leftovers(site, before)).toEqual([]);
      expect(await compareRestores(site, view)).toEqual({ compared: 5, differing: [] });
      await isInOrder(view);
      const figures = await folderFigures(site);
      expect(figures.peak).toBeLessThanOrEqual(4);
      expect(figures.bytesSent).toBeGreaterThan(0);
    },
    240_000,
  );

  it('of guests that stand still only what changed is read', async () => {
    const { vcenter } = site.lab.doors;
    for (const name of ['file-01', 'file-02', 'file-03'])
      await vcenter.post(`/vms/${name}/guest`, { bytesPerSecond: 0 });
    await site.api.patch(`/jobs/${job.id}`, { cbtSampleFraction: 0 });
    await runAndWait(site, job);
    await vcenter.delete('/counters');
    const change = { disk: 2000, offsetBytes: 5 * 2 ** 20, lengthBytes: 64 * 1024, seed: 7 };
    await vcenter.post('/vms/file-01/write', change);
    const view = await runAndWait(site, job);
    expect((await compareRestores(site, view)).differing).toEqual([]);
    expect((await folderFigures(site)).bytesSent).toBeGreaterThanOrEqual(64 * 1024);
    expect((await folderFigures(site)).bytesSent).toBeLessThan(4 * 2 ** 20);
  }, 240_000);

  it('a VM over secondary, primary, standard and secondary again: one full, three by changes', async () => {
    const { id } = await site.api.post<Job>('/jobs', {
      ...{ name: 'roaming', vms: ['db-01'], repository: 'backups', cbtSampleFraction: 1 },
      ...{ failoverToPrimary: true, failoverToStandard: true },
    });
    const [known] = (await site.api.post<Plan>(`/jobs/${id}/plan`)).groups.flatMap(({ volumes }) => volumes);
    const over = { relation: known?.relation?.arrayName };
    const nowhere = { relation: 'nowhere' };
    const seen = [];
    for (const [changes, ...codes] of [
      [over],
      [nowhere, 'db-01 L-SRC-101'],
      [{ ...nowhere, failoverToPrimary: false }, 'db-01 L-SRC-105'],
      [over],
      [{ ...nowhere }, 'db-01 L-SRC-105'],
    ] as const) {
      await site.api.patch(`/jobs/${id}`, changes);
      const view = await runAndWait(site, { id });
      expect(codesOf(view)).toEqual(codes);
      expect(view.run.state).toBe('success');
      expect((await compareRestores(site, view)).differing).toEqual([]);
      expect(await leftovers(site, before)).toEqual([]);
      seen.push(...roads(view));
    }
    expect(seen).toEqual([
      'db-01 secondary nfs full',
      'db-01 primary nfs incremental',
      'db-01 standard http incremental',
      'db-01 secondary nfs incremental',
      'db-01 standard http incremental',
    ]);
  }, 400_000);
});
