import type { Job, Limits, Plan } from '@leeward/core';
import { limitDefaults } from '@leeward/core';
import type { RunView, Settings } from '@leeward/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import {
  livesOf,
  many,
  mostAtOnce,
  plain,
  siteWithManyVms,
  storageSnapshotTimes,
} from './support/many-vms.ts';
import { codesOf, ended, runAndWait, startRun, stepBegun } from './support/runs.ts';
import type { Site } from './support/site.ts';

describe('groups and limits, by the records of the simulated vCenter and array', () => {
  let site: Site;
  let before: Before;

  beforeAll(async () => {
    site = await siteWithManyVms(600);
    await site.register();
    before = await lookAround(site);
  }, 240_000);
  afterAll(() => site?.stop());
  beforeEach(() => limit(limitDefaults));

  const limit = (limits: Partial<Limits>) => site.api.patch<Settings>('/settings', { limits });
  const jobOf = (name: string, vms: readonly string[], changes: object = {}) =>
    site.api.post<Job>('/jobs', { name, vms, repository: 'backups', ...changes });
  const planOf = (job: Job) => site.api.post<Plan>(`/jobs/${job.id}/plan`);
  const stateOf = ({ run, vms }: RunView) => [run.state, vms.filter(({ state }) => state !== 'success')];

  it('15 VMs with a limit of 10: 10 frozen in the first storage snapshot, 5 in the second (R12)', async () => {
    const job = await jobOf('r12', many, { vmsPerStorageSnapshot: 10 });
    const plan = await planOf(job);
    expect(plan.groups.map(({ vmKeys, cutBecause }) => [vmKeys.length, cutBecause?.code])).toEqual([
      [10, 'L-PLN-180'],
      [5, undefined],
    ]);
    const runId = await startRun(site, job);
    // Each goes when its group is done, so the first is looked for while it is there.
    await stepBegun(site, runId, 'read');
    const [first = 0] = await storageSnapshotTimes(site, runId);
    const view = await ended(site, runId);
    expect(stateOf(view)).toEqual(['success', []]);
    const last = (await storageSnapshotTimes(site, runId)).at(-1) ?? 0;
    const lives = await livesOf(site, view);
    const frozenAt = (atMs: number) =>
      lives.filter(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs).map(({ name }) => name);
    expect(frozenAt(first).toSorted()).toEqual(many.slice(0, 10));
    expect(frozenAt(last).toSorted()).toEqual(many.slice(10));
    // Groups of one volume run one after the other.
    expect(mostAtOnce(lives)).toBe(10);
    expect(await leftovers(site, before)).toEqual([]);
  });

  it('the budget forms groups by what the last run measured, and says when it was exceeded', async () => {
    const job = await jobOf('budget', many.slice(0, 8), { vmwareSnapshotBudgetMs: 3_000_000 });
    const [measured] = (await planOf(job)).groups;
    expect(measured?.vmKeys.length).toBe(8);
    const vmwareSnapshotBudgetMs = (measured?.lifetimeMs ?? 0) - 100;
    await site.api.patch(`/jobs/${job.id}`, { vmwareSnapshotBudgetMs });
    const plan = await planOf(job);
    expect(plan.groups.length).toBeGreaterThan(1);
    expect(plan.groups[0]?.cutBecause?.code).toBe('L-PLN-181');
    for (const { lifetimeMs } of plan.groups) expect(lifetimeMs).toBeLessThanOrEqual(vmwareSnapshotBudgetMs);
    // A second is less than one VM needs, as long as the array takes two for a storage snapshot.
    const { primary } = site.lab.doors;
    const slow = { kind: 'delay', delayMs: 2_000 };
    await primary.post('/faults', { at: 'rest', method: 'POST', path: '*/snapshots*', action: slow });
    const tight = await jobOf('tight', many.slice(0, 2), { vmwareSnapshotBudgetMs: 1_000 });
    expect(codesOf(await runAndWait(site, tight))).toContain(`${many[0]} L-RUN-151`);
    const view = await runAndWait(site, tight);
    await primary.delete('/faults');
    expect(stateOf(view)).toEqual(['success', []]);
    expect(view.run.plan?.groups.map(({ vmKeys }) => vmKeys.length)).toEqual([1, 1]);
    for (const name of many.slice(0, 2))
      expect(codesOf(view)).toEqual(expect.arrayContaining([`${name} L-PLN-183`, `${name} L-RUN-151`]));
  });

  it('no more VMware snapshots than allowed on a datastore, over all jobs, also when the server dies', async () => {
    await limit({ vmwareSnapshotsPerDatastore: 3 });
    const jobs = [await jobOf('left', many.slice(0, 4)), await jobOf('right', many.slice(4, 8))];
    const plans = await Promise.all(jobs.map(planOf));
    for (const { groups } of plans)
      expect(groups.map(({ vmKeys, cutBecause }) => [vmKeys.length, cutBecause?.code])).toEqual([
        [3, 'L-PLN-182'],
        [1, undefined],
      ]);
    const [left = '', right = ''] = await Promise.all(jobs.map((job) => startRun(site, job)));
    const waits = await Promise.race([left, right].map((id) => stepBegun(site, id, 'vmware-snap-room')));
    const other = waits.run.id === left ? right : left;
    const told = waits.events.find(({ report }) => report.code === 'L-RUN-150')?.report.what;
    expect(told).toContain(`datastore "vm_ds1" (at most 3 VMware snapshots at once) is full, run ${other}`);
    await site.killServer();
    await site.startServer();
    const views = [await ended(site, left), await ended(site, right)];
    for (const view of views) expect(stateOf(view)).toEqual(['success', []]);
    const lives = (await Promise.all(views.map((view) => livesOf(site, view)))).flat();
    expect(lives.length).toBe(8);
    expect(mostAtOnce(lives)).toBe(3);
    expect(await leftovers(site, before)).toEqual([]);
  });

  it('a run that waits can be cancelled, and those behind it go on', async () => {
    await limit({ vmwareSnapshotsPerHost: 2 });
    const first = await startRun(site, await jobOf('first', many.slice(0, 6)));
    await stepBegun(site, first, 'vmware-snap');
    const second = await startRun(site, await jobOf('second', many.slice(6, 8)));
    const third = await startRun(site, await jobOf('third', many.slice(8, 10)));
    await stepBegun(site, second, 'vmware-snap-room');
    await site.api.post(`/runs/${second}/cancel`);
    expect((await ended(site, second)).run.state).toBe('cancelled');
    for (const id of [first, third]) expect(stateOf(await ended(site, id))).toEqual(['success', []]);
    expect(await leftovers(site, before)).toEqual([]);
  });

  it('no more VMs than allowed are read the standard way through one host', async () => {
    await limit({ standardVmsPerHost: 1 });
    const view = await runAndWait(site, await jobOf('plain', plain));
    expect(stateOf(view)).toEqual(['success', []]);
    expect(mostAtOnce(await livesOf(site, view))).toBe(1);
    expect(codesOf(view).filter((code) => code.endsWith('L-RUN-150'))).toEqual([]);
    const waits = view.steps.filter(({ name }) => name === 'vmware-snap-room');
    expect(waits.map(({ detail }) => detail)).toEqual(
      Array(2).fill({ waitedFor: 'host "esxi1.lab" (at most 1 VMs read the standard way at once)' }),
    );
    await limit({ standardVmsPerHost: 3 });
    const wide = await runAndWait(site, { id: view.run.jobId });
    expect(mostAtOnce(await livesOf(site, wide))).toBeGreaterThan(1);
    expect(await leftovers(site, before)).toEqual([]);
  });
});
