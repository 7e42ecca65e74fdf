import type { ErrorReport, Job } from '@leeward/core';
import type { RunView } from '@leeward/server';
import { expect } from 'vitest';
import { proxySessions } from './iscsi-sessions.ts';
import { type Before, leftovers } from './leftovers.ts';
import { codesOf, compareRestores, ended, show, startRun } from './runs.ts';
import type { Site } from './site.ts';
import { until } from './until.ts';

/** Runs of jobs of which one VM has something wrong. */
export class FailingRuns {
  readonly #site: Site;
  readonly #before: Before;
  #jobs = 0;

  constructor(site: Site, before: Before) {
    this.#site = site;
    this.#before = before;
  }

  job(vms: readonly string[], changes: Partial<Job> = {}): Promise<Job> {
    const name = `bad-${++this.#jobs}`;
    return this.#site.api.post<Job>('/jobs', {
      ...{ name, vms, repository: 'backups', settlePauseMs: 0 },
      ...changes,
    });
  }

  /** Starts it, does what is to happen meanwhile, and waits for its end. */
  async run(job: Pick<Job, 'id'>, meanwhile?: (runId: string) => Promise<void>): Promise<RunView> {
    const runId = await startRun(this.#site, job);
    await meanwhile?.(runId);
    return ended(this.#site, runId, 180_000);
  }

  /**
   * The first VM fails with a catalogue code, which is returned; the other one gets its point, byte for byte; nothing
   * is left on vCenter and arrays, and no proxy is logged in there any more.
   */
  async failsAlone(
    vms: readonly [bad: string, good: string],
    meanwhile?: (runId: string) => Promise<void>,
  ): Promise<string | undefined> {
    const [bad, good] = vms;
    return (await this.allFailBut([bad], good, meanwhile))[bad];
  }

  /** The same with several VMs that fail, each with a code of its own. */
  async allFailBut(
    bad: readonly string[],
    good: string,
    meanwhile?: (runId: string) => Promise<void>,
  ): Promise<Record<string, string | undefined>> {
    const view = await this.run(await this.job([...bad, good]), meanwhile);
    const ends = Object.fromEntries(view.vms.map(({ name, state }) => [name, state]));
    const expected = Object.fromEntries(bad.map((name) => [name, 'failed']));
    const failed = view.vms.filter(({ name }) => bad.includes(name));
    const codes = Object.fromEntries(failed.map(({ name, problem }) => [name, problem?.code]));
    const anyCode = Object.fromEntries(bad.map((name) => [name, expect.any(String)]));
    expect([ends, codes]).toEqual([{ ...expected, [good]: 'success' }, anyCode]);
    expect(view.run.state).toBe('partly');
    for (const { problem } of failed) expectFilledIn(problem);
    await this.#isClean(view);
    expect((await compareRestores(this.#site, view)).differing).toEqual([]);
    return codes;
  }

  /**
   * The same with failover allowed: both are backed up, the first one from the primary, with an event that says why,
   * which is returned. What the array holds fast until `release` is left till then, with an event that says so.
   */
  async readsPrimary(
    vms: readonly [bad: string, good: string],
    meanwhile?: (runId: string) => Promise<void>,
    release?: () => Promise<unknown>,
  ): Promise<string | undefined> {
    const view = await this.run(await this.job(vms, { failoverToPrimary: true }), meanwhile);
    const reason = expectReadFrom(view, vms, 'primary');
    if (release) {
      expect(codesOf(view)).toContain('run L-RUN-107');
      await release();
      await this.#site.api.post('/orphans/clean');
      await until('the janitor to have been there', async () => {
        const { openObjects } = await show(this.#site, view.run.id);
        return openObjects.length === 0 && (await leftovers(this.#site, this.#before)).length === 0;
      });
      await this.#isLoggedOut();
    } else await this.#isClean(view);
    expect((await compareRestores(this.#site, view)).differing).toEqual([]);
    return reason;
  }

  /** The same with failover to the standard way. */
  async readsStandard(
    vms: readonly [bad: string, good: string],
    meanwhile?: (runId: string) => Promise<void>,
  ): Promise<string | undefined> {
    const view = await this.run(await this.job(vms, { failoverToStandard: true }), meanwhile);
    const reason = expectReadFrom(view, vms, 'standard');
    await this.#isClean(view);
    expect((await compareRestores(this.#site, view)).differing).toEqual([]);
    return reason;
  }

  async #isClean({ openObjects }: RunView): Promise<void> {
    expect(openObjects).toEqual([]);
    expect(await leftovers(this.#site, this.#before)).toEqual([]);
    await this.#isLoggedOut();
  }

  /** The end of a logout may come a moment after the end of the run. */
  async #isLoggedOut(): Promise<void> {
    await expect.poll(() => proxySessions(this.#site)).toEqual([]);
  }
}

/** Both VMs have their points, the first one from another source than the secondary; the event says why, returned. */
function expectReadFrom(
  view: RunView,
  [bad, good]: readonly [bad: string, good: string],
  source: 'primary' | 'standard',
): string | undefined {
  const sources = Object.fromEntries(view.vms.map(({ name, facts }) => [name, facts.source]));
  expect([view.run.state, sources, view.vms.map(({ problem }) => problem?.what)]).toEqual([
    'success',
    { [bad]: source, [good]: 'secondary' },
    [undefined, undefined],
  ]);
  const code = source === 'primary' ? 'L-SRC-101' : 'L-SRC-105';
  expect(codesOf(view)).toContain(`${bad} ${code}`);
  return view.events.find(({ report }) => report.code === code)?.report.what;
}

/** Every text says what it means, with all its details: one that is missing would read "unknown". */
function expectFilledIn({ what = '', data = '', next = '' }: Partial<ErrorReport> = {}): void {
  for (const text of [what, data, next]) {
    expect(text).not.toBe('');
    expect(text).not.toMatch(/undefined|\{\w+\}/);
  }
  expect(what.replace('unknown format', '')).not.toContain('unknown');
}
