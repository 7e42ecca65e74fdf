import type { BackupDeps } from '../backup/backup-deps.ts';
import type { Point } from '../store/points.ts';
import { findOne } from './find.ts';

export interface PointFilter {
  /** VM name or path. */
  readonly vm?: string | undefined;
  readonly runId?: string | undefined;
}

export class PointService {
  readonly #deps: BackupDeps;

  constructor(deps: BackupDeps) {
    this.#deps = deps;
  }

  /** Newest first. */
  async list(filter: PointFilter = {}): Promise<readonly Point[]> {
    const points = await this.#deps.store.points.list(filter.runId ? { runId: filter.runId } : {});
    return points.filter(
      ({ vmName, facts }) => filter.vm === undefined || vmName === filter.vm || facts.vmPath === filter.vm,
    );
  }

  async find(wanted: string): Promise<Point> {
    return findOne('point', await this.list(), wanted);
  }
}
