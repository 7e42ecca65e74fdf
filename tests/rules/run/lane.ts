import { type Job, LeewardError } from '@leeward/core';
import { type Before, leftovers, lookAround } from '../../e2e/support/leftovers.ts';
import { ended, runAndWait, show, startRun } from '../../e2e/support/runs.ts';
import type { Site } from '../../e2e/support/site.ts';
import { until } from '../../e2e/support/until.ts';
import type { Row } from '../model/rows.ts';
import type { Expectation } from '../model/words.ts';
import type { Family } from './families.ts';
import { type Seen, seenOf } from './seen.ts';

export interface Judged {
  readonly id: string;
  readonly ok: boolean;
  readonly expected: Expectation;
  readonly seen: Seen | { readonly trouble: string };
  readonly tookMs: number;
}

/** What a job says where a row's cause does not say otherwise. */
const regular = { maxRelationLagMs: 365 * 86_400_000, transferTimeoutMs: 120_000 } as const;
const runTimeoutMs = 180_000;
/** The janitor comes every minute. */
const janitorTimeoutMs = 300_000;

/** A site of a family on which rows are executed one after the other. */
export class Lane {
  readonly #family: Family;
  readonly #site: Site;
  readonly #before: Before;
  readonly #jobs: ReadonlyMap<string, Job>;

  private constructor(family: Family, site: Site, before: Before, jobs: ReadonlyMap<string, Job>) {
    this.#family = family;
    this.#site = site;
    this.#before = before;
    this.#jobs = jobs;
  }

  /** Starts the site and has each relation backed up once, so that rows begin from an ordinary state. */
  static async start(family: Family, relations: readonly string[]): Promise<Lane> {
    const site = await family.start();
    try {
      await site.register();
      const before = await lookAround(site);
      const jobs = new Map<string, Job>();
      for (const relation of relations) {
        const volume = family.volumeOf(relation);
        const job = await site.api.post<Job>('/jobs', {
          ...{ name: volume, vms: [volume], repository: 'backups', settlePauseMs: 0 },
          ...{ relation: family.secondary, keepPoints: 2, secondaryKeep: 2, cbtSampleFraction: 0 },
        });
        const { run } = await runAndWait(site, job);
        if (run.state !== 'success') throw new Error(`the first run of ${relation} ended as ${run.state}`);
        jobs.set(relation, job);
      }
      return new Lane(family, site, before, jobs);
    } catch (error) {
      await site.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.#site.stop();
  }

  async execute(row: Row, nowMs: () => number): Promise<Judged> {
    const began = nowMs();
    try {
      const { runId, seen, isHeld } = await this.#run(row);
      const left =
        isHeld && row.leftovers !== 'none' ? await this.#settle(runId) : await this.#leftoversOf(isHeld);
      return judge(row, { ...seen, leftovers: left }, nowMs() - began);
    } catch (error) {
      return notExecuted(row, wordsOf(error), nowMs() - began);
    }
  }

  /** What a run left behind, as it should, has to go when its array is back: the next row begins from an ordinary state. */
  async #settle(runId: string): Promise<string> {
    await this.#site.api.post('/orphans/clean');
    const isClean = async () => (await show(this.#site, runId)).openObjects.length === 0;
    // What is still held then is taken by the janitor in one of its rounds.
    const bound = { timeoutMs: janitorTimeoutMs, everyMs: 500 };
    const came = await until('the janitor to have been there', isClean, bound).catch(() => false);
    const left = await this.#left();
    return came && left.length === 0 ? 'until the array is back' : `still there: ${left.join('; ')}`;
  }

  async #run(row: Row) {
    const site = this.#site;
    const job = this.#jobs.get(row.relation);
    const plant = this.#family.plant[row.cause];
    if (!job || !plant) throw new Error(`the runner cannot do ${row.relation} with ${row.cause}`);
    const volume = this.#family.volumeOf(row.relation);
    const planted = await plant({ site, volume });
    try {
      const settings = { ...regular, relation: this.#family.secondary, ...row.switches, ...planted.job };
      await site.api.patch(`/jobs/${job.id}`, settings);
      await this.#resetCounters();
      const runId = await startRun(site, job);
      // Whatever becomes of it: the next row needs a job that has come to its end.
      const [meanwhile] = await Promise.allSettled([planted.meanwhile?.(runId)]);
      const view = await ended(site, runId, runTimeoutMs);
      if (meanwhile.status === 'rejected') throw meanwhile.reason;
      return {
        runId,
        seen: seenOf(view, await this.#family.readBy(site)),
        isHeld: view.openObjects.length > 0,
      };
    } finally {
      await planted.heal?.();
    }
  }

  async #leftoversOf(isHeld: boolean): Promise<string> {
    const left = await this.#left();
    if (left.length > 0) return left.join('; ');
    return isHeld ? 'open objects in the journal' : 'none';
  }

  /**
   * A link that somebody took away, the array by its policy or an administrator, is nothing that was left behind; chains
   * notice it when they are rotated next.
   */
  async #left(): Promise<readonly string[]> {
    const all = await leftovers(this.#site, this.#before);
    return all.filter((line) => !line.endsWith(' is not on its array'));
  }

  async #resetCounters(): Promise<void> {
    const { doors } = this.#site.lab;
    await Promise.all(
      [doors.primary, doors.secondary, doors.vcenter].map((door) => door.delete('/counters')),
    );
  }
}

function judge(row: Row, seen: Seen, tookMs: number): Judged {
  const expected = expectationOf(row);
  return { id: row.id, ok: isSame(expected, seen), expected, seen, tookMs };
}

/** A row of which nothing is known does not hold. */
export function notExecuted(row: Row, trouble: string, tookMs = 0): Judged {
  return { id: row.id, ok: false, expected: expectationOf(row), seen: { trouble }, tookMs };
}

function expectationOf({ source, state, codes, reason, leftovers: left }: Row): Expectation {
  return { source, state, codes, reason, leftovers: left };
}

function isSame(expected: Expectation, seen: Seen): boolean {
  const text = ({ source, state, codes, reason, leftovers: left }: Expectation | Seen) =>
    JSON.stringify([source, state, codes.toSorted(), reason, left]);
  return text(expected) === text(seen);
}

function wordsOf(error: unknown): string {
  if (error instanceof LeewardError) return `${error.code} ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
