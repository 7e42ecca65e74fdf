import type { ErrorReport, Job } from '@leeward/core';
import type { RunView } from '@leeward/server';
import { expect } from 'vitest';
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
   * is left on vCenter and arrays.
   */
  async failsAlone(
    vms: readonly [bad: string, good: string],
    meanwhile?: (runId: string) => Promise<void>,
  ): Promise<string | undefined> {
    const [bad, good] = vms;
    const view = await this.run(await this.job(vms), meanwhile);
    const ends = Object.fromEntries(view.vms.map(({ name, state }) => [name, state]));
    const problem = view.vms.find(({ name }) => name === bad)?.problem;
    expect([ends, problem?.code]).toEqual([{ [bad]: 'failed', [good]: 'success' }, expect.any(String)]);
    expect(view.run.state).toBe('partly');
    expectFilledIn(problem);
    await this.#isClean(view);
    expect((await compareRestores(this.#site, view)).differing).toEqual([]);
    return problem?.code;
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
    const [bad, good] = vms;
    const view = await this.run(await this.job(vms, { failoverToPrimary: true }), meanwhile);
    const sources = Object.fromEntries(view.vms.map(({ name, facts }) => [name, facts.source]));
    expect([view.run.state, sources, view.vms.map(({ problem }) => problem?.what)]).toEqual([
      'success',
      { [bad]: 'primary', [good]: 'secondary' },
      [undefined, undefined],
    ]);
    expect(codesOf(view)).toContain(`${bad} L-SRC-101`);
    if (release) {
      expect(codesOf(view)).toContain('run L-RUN-107');
      await release();
      await this.#site.api.post('/orphans/clean');
      await until('the janitor to have been there', async () => {
        const { openObjects } = await show(this.#site, view.run.id);
        return openObjects.length === 0 && (await leftovers(this.#site, this.#before)).length === 0;
      });
    } else await this.#isClean(view);
    expect((await compareRestores(this.#site, view)).differing).toEqual([]);
    return view.events.find(({ report }) => report.code === 'L-SRC-101')?.report.what;
  }

  async #isClean({ openObjects }: RunView): Promise<void> {
    expect(openObjects).toEqual([]);
    expect(await leftovers(this.#site, this.#before)).toEqual([]);
  }
}

/** Every text says what it means, with all its details: one that is missing would read "unknown". */
function expectFilledIn({ what = '', data = '', next = '' }: Partial<ErrorReport> = {}): void {
  for (const text of [what, data, next]) {
    expect(text).not.toBe('');
    expect(text).not.toMatch(/undefined|\{\w+\}/);
  }
  expect(what.replace('unknown format', '')).not.toContain('unknown');
}
