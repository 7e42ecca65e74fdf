import type { BackupDeps } from '../backup/backup-deps.ts';
import type { Point, PointFilter } from '../store/points.ts';
import { findOne } from './find.ts';
import { type Page, type PageRequest, Pages, textKey, timeKey } from './page.ts';

export interface ListPoints extends Omit<PointFilter, 'repositoryId'> {
  /** Name or id, of what there is. */
  readonly job?: string | undefined;
  readonly repository?: string | undefined;
}

const pages = new Pages<readonly [string, string]>('points', [timeKey, textKey]);

/** More would not be named anyway. */
const mostFitting = 100;

export class PointService {
  readonly #deps: BackupDeps;

  constructor(deps: BackupDeps) {
    this.#deps = deps;
  }

  /** Newest first. */
  async list(
    { job, repository, ...filter }: ListPoints = {},
    request: PageRequest = {},
  ): Promise<Page<Point>> {
    const { store } = this.#deps;
    const [createdAt, id] = pages.after(request) ?? [];
    const after = createdAt !== undefined && id !== undefined ? { createdAt, id } : undefined;
    const jobId = job === undefined ? filter.jobId : findOne('job', await store.jobs.list(), job).id;
    const repositoryId =
      repository === undefined ? undefined : await this.#repositoryId(repository, filter.jobIds);
    const found = await store.points.page({ ...filter, jobId, repositoryId }, pages.rows(request), after);
    return pages.page(found, request, (point) => [point.createdAt, point.id]);
  }

  /** Who is limited to jobs finds those of the jobs. */
  async #repositoryId(wanted: string, jobIds: readonly string[] | undefined): Promise<string> {
    const { store } = this.#deps;
    const all = await store.repositories.list();
    if (jobIds === undefined) return findOne('repository', all, wanted).id;
    const jobs = (await store.jobs.list()).filter(({ id }) => jobIds.includes(id));
    const seen = all.filter(({ id }) => jobs.some(({ repositoryId }) => repositoryId === id));
    return findOne('repository', seen, wanted).id;
  }

  async find(wanted: string): Promise<Point> {
    const fitting = wanted === '' ? [] : await this.#deps.store.points.beginningWith(wanted, mostFitting);
    return findOne('point', fitting, wanted);
  }
}
