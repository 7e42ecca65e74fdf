import type { VisibleJobs } from '@leeward/engine';

/**
 * What an operation has to do with jobs, for callers who are limited to some. An operation that is not in the table is
 * refused to them: what is of the whole installation, or of arrays and vCenters that others use too, is not theirs to see.
 */
export interface ScopeRule {
  /** What `:id` names; what is of another job is not found. */
  readonly id?: 'job' | 'run' | 'point';
  /** The list is asked for visible jobs only. */
  readonly list?: true;
  /** What is answered is asked for of `request.visible` only. */
  readonly asked?: true;
  /** The input names a point, or a VM whose newest visible point is taken. */
  readonly restore?: true;
  /** Of a list, as it is in the answer, which entries are seen, and what of them; undefined: nothing. */
  readonly see?: (entry: Readonly<Record<string, unknown>>, visible: VisibleJobs) => object | undefined;
}

/** The same whoever asks, or about the caller alone. */
const own: ScopeRule = {};
const job: ScopeRule = { id: 'job' };
const run: ScopeRule = { id: 'run' };

/** Operations that a viewer, an operator or a restore operator may call at all. */
export const scopeRules: Readonly<Record<string, ScopeRule>> = {
  'GET /session': own,
  'DELETE /session': own,
  'POST /session/password': own,
  'GET /tokens': own,
  'GET /tokens/:id': own,
  'POST /tokens': own,
  'DELETE /tokens/:id': own,
  'GET /array-families/:id/permissions': own,
  'POST /schedules/preview': own,
  // It sees to each event itself.
  'GET /events': own,

  'GET /jobs': {
    see: (entry, { ids }) =>
      seenIf(
        ids.some((id) => id === entry['id']),
        entry,
      ),
  },
  'GET /jobs/:id': job,
  'GET /jobs/:id/times': job,
  'POST /jobs/:id/enable': job,
  'POST /jobs/:id/disable': job,
  'POST /jobs/:id/plan': job,
  'POST /jobs/:id/explain': job,
  'POST /jobs/:id/run': job,
  'GET /jobs/:id/chains': { id: 'job', see: ofJob },
  'POST /jobs/:id/chains': job,
  'GET /chains': { list: true, see: ofJob },
  'GET /mounts': { list: true, see: ofJob },

  'GET /runs': { list: true, see: ofJob },
  'GET /runs/:id': run,
  'GET /runs/:id/report': run,
  'POST /runs/:id/cancel': run,
  'POST /runs/:id/retry': run,

  'GET /points': { list: true, see: ofJob },
  'GET /points/:id': { id: 'point' },
  'POST /restores': { restore: true },

  // Of each VM the visible jobs alone, and the copies that these made.
  'GET /vms': {
    list: true,
    see: ({ jobs, ...entry }, { ids }) => ({
      ...entry,
      jobs: Array.isArray(jobs)
        ? jobs.filter((job: { readonly id?: unknown }) => ids.some((id) => id === job.id))
        : [],
    }),
  },
  'GET /vms/counts': { list: true },
  // The paths of their VMs, and what lies on them; each of these asks for visible jobs itself.
  'GET /topology': { asked: true },
  'GET /topology/relations': { asked: true },
  'GET /reports/daily': { asked: true },
  'GET /reports/protection': { asked: true },

  'GET /repositories': {
    see: (entry, { jobs }) =>
      seenIf(
        jobs.some(({ repositoryId }) => repositoryId === entry['id']),
        entry,
      ),
  },
  // Where one runs is needed to start anything; which data ports it reaches is not.
  'GET /proxies': { see: ({ reach: _, ...entry }) => ({ ...entry, reach: [] }) },
};

function ofJob(entry: Readonly<Record<string, unknown>>, { ids }: VisibleJobs): object | undefined {
  return seenIf(
    ids.some((id) => id === entry['jobId']),
    entry,
  );
}

function seenIf(isSeen: boolean, entry: object): object | undefined {
  return isSeen ? entry : undefined;
}
