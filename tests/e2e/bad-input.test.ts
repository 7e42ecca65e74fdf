import type { ErrorReport, Job } from '@leeward/core';
import type { FoundOrphans } from '@leeward/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { badInputSite } from './support/bad-input-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores, runAndWait, show } from './support/runs.ts';
import type { Site } from './support/site.ts';
import { until } from './support/until.ts';

const ds1 = 'svm1:vm_ds1';

describe('what bad input gets in a run', () => {
  let site: Site;
  let before: Before;
  let jobs = 0;

  beforeAll(async () => {
    site = await badInputSite();
    await site.register();
    before = await lookAround(site);
  });
  afterAll(() => site?.stop());
  afterEach(async () => {
    expect(await leftovers(site, before)).toEqual([]);
  });

  const job = (vms: readonly string[], changes: Partial<Job> = {}) =>
    site.api.post<Job>('/jobs', { name: `bad-${++jobs}`, vms, repository: 'backups', ...changes });
  const secondary = (path: string, body: object) => site.lab.doors.secondary.post(path, body);

  /** Runs a job over one VM that must fail, and returns the code of the VM's problem. */
  const fails = async (vm: string, changes: Partial<Job> = {}): Promise<string | undefined> => {
    const view = await runAndWait(site, await job([vm], changes));
    expect([view.run.state, view.run.problem?.code]).toEqual(['failed', 'L-RUN-106']);
    expect(view.openObjects).toEqual([]);
    const [only] = view.vms;
    expectFilledIn(only?.problem);
    return only?.problem?.code;
  };
  /** Runs it with failover allowed: read on the primary, byte for byte, with the event that says why. */
  const readsPrimary = async (vm: string, changes: Partial<Job> = {}) => {
    const view = await runAndWait(site, await job([vm], { ...changes, failoverToPrimary: true }));
    expect([view.run.state, ...view.vms.map(({ facts }) => facts.source)]).toEqual(['success', 'primary']);
    expect(codesOf(view)).toContain(`${vm} L-SRC-101`);
    expect(view.openObjects).toEqual([]);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
  };

  it('VM not found, and a name that two VMs have', async () => {
    expect(await fails('nobody')).toBe('L-PLN-101');
    expect(await fails('twin')).toBe('L-PLN-102');
  });

  it('disk on storage that no array knows: the standard way', async () => {
    const view = await runAndWait(site, await job(['foreign']));
    expect([view.run.state, ...view.vms.map(({ facts }) => facts.source)]).toEqual(['success', 'standard']);
    expect(codesOf(view)).toEqual(['foreign L-SRC-106']);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
  });

  it('missing privilege: nothing is made that could not be removed', async () => {
    expect(await fails('guarded')).toBe('L-VC-110');
  });

  it('of several VMs only the bad ones fail', async () => {
    const view = await runAndWait(site, await job(['plain', 'nobody', 'guarded']));
    expect(view.run.state).toBe('partly');
    expect(codesOf(view).toSorted()).toEqual(['guarded L-VC-110', 'nobody L-PLN-101']);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
  });

  it('missing licence for the clone', async () => {
    await secondary('/settings', { removeLicenses: ['flexclone'] });
    expect(await fails('cloned')).toBe('L-ARR-008');
    await readsPrimary('cloned');
    await secondary('/settings', { addLicenses: ['flexclone'] });
  });

  it('missing licence for the transfer', async () => {
    await secondary('/settings', { removeLicenses: ['snapmirror'] });
    expect(await fails('plain')).toBe('L-PLN-107');
    await readsPrimary('plain');
    await secondary('/settings', { addLicenses: ['snapmirror'] });
  });

  it('relation broken off', async () => {
    await secondary('/actions', { action: 'setRelationState', volume: ds1, state: 'broken_off' });
    expect(await fails('plain')).toBe('L-PLN-105');
    await readsPrimary('plain');
    await secondary('/actions', { action: 'setRelationState', volume: ds1, state: 'snapmirrored' });
  });

  it('relation lagging over the bound of the job', async () => {
    expect(await fails('plain', { maxRelationLagMs: 1 })).toBe('L-PLN-106');
  });

  it('transfer that fails', async () => {
    const fault = { at: 'step', step: 'snapmirror.transfer', action: { kind: 'fail', atPercent: 50 } };
    await secondary('/faults', fault);
    expect(await fails('plain')).toBe('L-RUN-109');
    await readsPrimary('plain');
    await site.lab.doors.secondary.delete('/faults');
  });

  it('secondary that cannot be reached: what may be left there is taken away when it is back', async () => {
    const { id } = await job(['plain'], { failoverToPrimary: true });
    await secondary('/settings', { reachable: false });
    expect(await fails('plain')).toBe('L-PLN-108');
    const view = await runAndWait(site, { id });
    await secondary('/settings', { reachable: true });
    expect([view.run.state, view.vms[0]?.facts.source]).toEqual(['success', 'primary']);
    expect(codesOf(view)).toEqual(expect.arrayContaining(['plain L-SRC-101', 'run L-RUN-107']));
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
    const left = await site.api.get<FoundOrphans>('/orphans');
    expect(left.problems).toEqual([]);
    expect(left.orphans.length).toBeLessThanOrEqual(view.openObjects.length);
    for (const orphan of left.orphans) expect(orphan).toMatchObject({ runId: view.run.id });
    await until('the janitor to have been there', async () => {
      const { openObjects } = await show(site, view.run.id);
      return openObjects.length === 0;
    });
  }, 180_000);

  it('a downgrade that the job calls a failure', async () => {
    await secondary('/settings', { removeLicenses: ['flexclone'] });
    expect(await fails('cloned', { failoverToPrimary: true, failOnDowngrade: true })).toBe('L-SRC-103');
    await secondary('/settings', { addLicenses: ['flexclone'] });
  });
});

/** Every text says what it means, with all its details. */
function expectFilledIn(problem: ErrorReport | undefined): void {
  for (const text of [problem?.what, problem?.data, problem?.next]) {
    expect(text).toBeTruthy();
    expect(text).not.toMatch(/unknown|undefined|\{\w+\}/);
  }
}
