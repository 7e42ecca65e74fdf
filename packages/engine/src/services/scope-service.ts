import { isError, type Job } from '@leeward/core';
import { isWithin, type JobScope } from '@leeward/core/access/job-scope';
import type { JobStore } from '../store/jobs.ts';
import type { Point, PointStore } from '../store/points.ts';
import type { RunStore } from '../store/runs.ts';
import { findOne } from './find.ts';

/** More would not be named anyway. */
const mostFitting = 100;

export interface ScopedStore {
  readonly jobs: Pick<JobStore, 'list'>;
  readonly runs: Pick<RunStore, 'beginningWith'>;
  readonly points: Pick<PointStore, 'beginningWith' | 'page'>;
}

/** What somebody who is limited to jobs can see. */
export interface VisibleJobs {
  readonly jobs: readonly Job[];
  readonly ids: readonly string[];
}

/**
 * Finds what is of the jobs that somebody is limited to, by the words that a user finds things by: what is of other jobs
 * is not there, also where a name or the beginning of an id would fit it. Throws `L-CFG-102`, `L-CFG-110`.
 */
export class ScopeService {
  readonly #store: ScopedStore;

  constructor({ store }: { readonly store: ScopedStore }) {
    this.#store = store;
  }

  async visible(scopes: readonly JobScope[]): Promise<VisibleJobs> {
    const jobs = (await this.#store.jobs.list()).filter((job) => isWithin(job, scopes));
    return { jobs, ids: jobs.map(({ id }) => id) };
  }

  /** The id of the one that is meant; the same in `runId` and `pointId`. */
  jobId({ jobs }: VisibleJobs, wanted: string): string {
    return findOne('job', jobs, wanted).id;
  }

  async runId({ ids }: VisibleJobs, wanted: string): Promise<string> {
    const runs = wanted === '' ? [] : await this.#store.runs.beginningWith(wanted, mostFitting, ids);
    return findOne('run', runs, wanted).id;
  }

  async pointId({ ids }: VisibleJobs, wanted: string): Promise<string> {
    const points = wanted === '' ? [] : await this.#store.points.beginningWith(wanted, mostFitting, ids);
    return findOne('point', points, wanted).id;
  }

  /** Of a VM, by name, path or key. */
  async newestPoint({ ids: jobIds }: VisibleJobs, vm: string): Promise<Point | undefined> {
    const [newest] = await this.#store.points.page({ vm, jobIds }, 1);
    return newest;
  }

  /** Whether there is such a job, run or point at all, seen or not. */
  async exists(kind: 'job' | 'run' | 'point', wanted: string): Promise<boolean> {
    const all = await this.visible([]);
    try {
      if (kind === 'job') this.jobId(all, wanted);
      else if (kind === 'run') await this.runId(all, wanted);
      else await this.pointId(all, wanted);
      return true;
    } catch (error) {
      if (isError(error, 'L-CFG-102') || isError(error, 'L-CFG-110')) return false;
      throw error;
    }
  }
}
