import { type ErrorReport, LeewardError, reportOf } from '@leeward/core';
import { type OpenPoint, type Repository, readPoints } from '@leeward/repository';
import { ZodError } from 'zod';
import { recordedPoint } from '../proxy/point-document.ts';
import type { Point } from '../store/points.ts';
import type { Store } from '../store/store.ts';

/** What a rescan found, in points. */
export interface RepositoryRescan {
  /** Known before, and there. */
  readonly known: number;
  /** There and not known: taken up. */
  readonly added: number;
  /** Known and not there any more: forgotten. */
  readonly gone: number;
  /** Snapshots in it that are no points of VMs. */
  readonly others: number;
  /** What is there and cannot be taken up, or not read at all. */
  readonly problems: readonly ErrorReport[];
}

/**
 * Makes the points that are known those that are there: takes up points of other servers and of times that this one
 * has forgotten, and forgets those that somebody removed. Changes nothing in the repository, and leaves points alone
 * whose run has not ended.
 */
export async function rescanRepository(
  store: Pick<Store, 'points' | 'runs'>,
  repositoryId: string,
  repository: Repository,
  signal?: AbortSignal,
): Promise<RepositoryRescan> {
  // In this order: the file of a point is there before it is known here, and goes before it is forgotten.
  const known = new Set(await store.points.idsIn(repositoryId));
  const hasEnded = endedRuns(store);
  const problems: ErrorReport[] = [];
  let [others, added] = [0, 0];
  const { ids, damage } = await readPoints(repository, {
    wants: ({ id, tags }) => {
      if (known.has(id)) return false;
      const isOfVm = ['run=', 'vm='].every((prefix) => tags.some((tag) => tag.startsWith(prefix)));
      if (!isOfVm) others++;
      return isOfVm;
    },
    read: async (opened) => {
      const point = pointOf(opened, repositoryId);
      if (point instanceof LeewardError) problems.push(reportOf(point));
      else if (await hasEnded(point.runId)) {
        await store.points.add(point);
        added++;
      }
    },
    unreadable: (_, error) => problems.push(reportOf(error)),
    signal,
  });
  const gone = [...known].filter((id) => !ids.has(id));
  for (const id of gone) await store.points.remove(id);
  return {
    ...{ known: known.size - gone.length, added, gone: gone.length, others },
    problems: [...damage.map(reportOf), ...problems],
  };
}

function pointOf(opened: OpenPoint, repositoryId: string): Point | LeewardError {
  try {
    return recordedPoint(opened, repositoryId);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const reason = 'its description does not say what a point of a VM is';
    return new LeewardError('L-REP-132', { point: opened.point.id.slice(0, 8), reason }, error);
  }
}

/** A run that goes on writes its points down itself, with what only it knows. Runs of others count as ended. */
function endedRuns({ runs }: Pick<Store, 'runs'>): (runId: string) => Promise<boolean> {
  const ended = new Set<string>();
  return async (runId) => {
    if (ended.has(runId)) return true;
    if ((await runs.unfinished()).some(({ id }) => id === runId)) return false;
    ended.add(runId);
    return true;
  };
}
