import type { Job } from '@leeward/core';
import type { Point, RunView } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBlockSite } from './support/block-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

const mebibyte = 2 ** 20;
const disk = 2000;
/** One on NFS, one on VMFS on a cluster, one on VMFS on a group. */
const names = ['Büro [alt] Server 01', 'db-01', 'web-01'];

describe('change tracking that misses writes', () => {
  let site: Site;
  let before: Before;
  const jobs: Record<string, Job> = {};

  beforeAll(async () => {
    site = await startBlockSite({
      size: 0.05,
      scenario: 'full',
      vcenter: (config) => ({
        ...config,
        vms: config.vms.map((vm) => ({ ...vm, guest: { seed: 11, bytesPerSecond: 0 } })),
      }),
    });
    await site.register();
    before = await lookAround(site);
    for (const [name, changes] of Object.entries({
      believing: { cbtSampleFraction: 0 },
      checking: { cbtSampleFraction: 1 },
      strict: { cbtSampleFraction: 1, failOnDowngrade: true },
      usual: {},
    }))
      jobs[name] = await site.api.post<Job>('/jobs', {
        ...{ name, vms: names, repository: 'backups', settlePauseMs: 0, ...changes },
      });
  }, 240_000);
  afterAll(() => site?.stop());

  const run = (name: string) => runAndWait(site, jobs[name] ?? { id: name });
  const door = () => site.lab.doors.vcenter;
  const each = (work: (path: string) => Promise<unknown>) =>
    Promise.all(names.map((name) => work(`/vms/${encodeURIComponent(name)}`)));
  /** The guests write there, and nobody is told. */
  const missed = async (offsetBytes: number, seed: number) => {
    const range = { offsetBytes, lengthBytes: 64 * 1024 };
    await each((path) => door().post(`${path}/cbt`, { missed: [range] }));
    await each((path) => door().post(`${path}/write`, { ...range, disk, seed }));
    await each((path) => door().post(`${path}/cbt`, { missed: [] }));
  };
  const kinds = ({ vms }: RunView) => vms.map(({ name, facts }) => [name, facts.kind]).toSorted();
  const all = (value: string) => names.map((name) => [name, value]);
  const first = ({ vms }: RunView) => vms.map(({ facts }) => facts.disks?.find(({ key }) => key === disk));
  const isWhole = async (view: RunView) => {
    expect(view.run.state).toBe('success');
    expect(await leftovers(site, before)).toEqual([]);
    expect((await compareRestores(site, view)).differing).toEqual([]);
  };

  it('a first run names itself as the cause; the next one compares what is unchanged', async () => {
    const full = await run('checking');
    expect(first(full)).toMatchObject(
      names.map(() => ({ kind: 'full', fullBecause: { code: 'L-SRC-110' } })),
    );
    const view = await run('checking');
    expect(kinds(view)).toEqual(all('incremental'));
    expect(codesOf(view)).toEqual([]);
    for (const task of first(view)) expect(task?.sampledBlocks).toBeGreaterThan(0);
    await isWhole(view);
  }, 240_000);

  it('makes a wrong point where nobody looks; a full sample finds it, and the disk is read in full', async () => {
    await missed(5 * mebibyte, 1);
    await missed(30 * mebibyte, 2);
    const wrong = await run('believing');
    expect(kinds(wrong)).toEqual(all('incremental'));
    expect((await compareRestores(site, wrong)).differing).toHaveLength(names.length);
    const view = await run('checking');
    expect(codesOf(view).toSorted()).toEqual(names.map((name) => `${name} L-SRC-115`));
    expect(view.events.every(({ report }) => report.severity === 'error')).toBe(true);
    expect(first(view)).toMatchObject(
      names.map(() => ({ kind: 'full', fullBecause: { code: 'L-SRC-115' } })),
    );
    await isWhole(view);
    const points = await site.api.get<Point[]>(`/points?runId=${view.run.id}`);
    const causes = points.map(({ facts }) => facts.disks.find(({ key }) => key === disk)?.fullBecause?.code);
    expect(causes).toEqual(names.map(() => 'L-SRC-115'));
    const next = await run('usual');
    expect([codesOf(next), kinds(next)]).toEqual([[], kinds(next)]);
    expect(first(next)).toMatchObject(names.map(() => ({ kind: 'incremental' })));
    await isWhole(next);
  }, 400_000);

  it('is remembered when the run that found it made no point', async () => {
    await missed(5 * mebibyte, 3);
    const strict = await run('strict');
    expect(codesOf(strict)).toEqual(expect.arrayContaining(names.map((name) => `${name} L-SRC-103`)));
    expect(codesOf(strict)).toEqual(expect.arrayContaining(names.map((name) => `${name} L-SRC-115`)));
    expect(strict.run.state).toBe('failed');
    expect(await leftovers(site, before)).toEqual([]);
    const view = await run('believing');
    expect(codesOf(view).toSorted()).toEqual(names.map((name) => `${name} L-SRC-102`));
    expect(first(view)).toMatchObject(
      names.map(() => ({ kind: 'full', fullBecause: { code: 'L-SRC-116' } })),
    );
    await isWhole(view);
    const next = await run('believing');
    expect(codesOf(next)).toEqual([]);
    await isWhole(next);
  }, 400_000);
});
