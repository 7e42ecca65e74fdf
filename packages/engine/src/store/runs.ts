import { type ErrorReport, LeewardError, type Plan, type RunScope, type StartedBy } from '@leeward/core';
import { type Kysely, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { type FlowLog, silentLog } from '../flow/flow-log.ts';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

/** `partly`: some VMs have a new point and some have not. */
export type RunState = 'queued' | 'running' | 'success' | 'partly' | 'failed' | 'cancelled';

export const endedRunStates: readonly RunState[] = ['success', 'partly', 'failed', 'cancelled'];

/** What a restore restores, and where. */
export const restoreTargetSchema = z.object({
  pointId: z.string(),
  vmName: z.string(),
  /** The state that is restored: when its VMware snapshot was taken. */
  frozenAt: z.string(),
  repositoryId: z.string(),
  /** The proxy that writes, by name; `folder` is a path there. */
  proxy: z.string(),
  folder: z.string(),
  /** Files that are there already are replaced. */
  overwrite: z.boolean(),
});

export type RestoreTarget = z.infer<typeof restoreTargetSchema>;

export const startedBySchema = z.object({
  kind: z.enum(['schedule', 'local', 'user', 'token']),
  name: z.string(),
  dueAt: z.string().optional(),
  catchUp: z.boolean().optional(),
}) satisfies z.ZodType<StartedBy>;

/** `RunScope` of the core. */
const runScopeSchema = z.object({
  members: z.array(z.string()),
  vmKeys: z.array(z.string()),
}) satisfies z.ZodType<RunScope>;

export interface Run {
  readonly id: string;
  readonly jobId: string;
  readonly kind: 'backup' | 'restore';
  readonly state: RunState;
  /** Of a restore; absent for restores of releases that did not write it down. */
  readonly target?: RestoreTarget;
  readonly plan?: Plan;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly problem?: ErrorReport;
  /** Absent for runs of releases that did not write it down. */
  readonly startedBy?: StartedBy;
  /** The run whose failed VMs it backs up. */
  readonly retryOf?: string;
}

/** What a backup run is begun with. */
export interface NewBackup extends Pick<Run, 'id' | 'jobId' | 'startedAt' | 'startedBy' | 'retryOf'> {
  /** The part of the job that it is about; absent: all of it. */
  readonly scope?: RunScope | undefined;
}

/** A run without what it executes, and with what became of its VMs. */
export interface RunSummary extends Omit<Run, 'plan'> {
  /** VMs by what became of them. */
  readonly vms: {
    readonly total: number;
    readonly success: number;
    readonly failed: number;
  };
  /** Sums over its VMs, as far as known. */
  readonly bytes: {
    readonly provisioned: number;
    readonly changed: number;
    readonly read: number;
    readonly stored: number;
  };
}

export interface RunFilter {
  readonly jobId?: string | undefined;
  /** Only of these. */
  readonly jobIds?: readonly string[] | undefined;
  readonly kind?: Run['kind'] | undefined;
  readonly states?: readonly RunState[] | undefined;
  /** Started from here on, and before: ISO times. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface RunPlace {
  readonly startedAt: string;
  readonly id: string;
}

export class RunStore {
  readonly #db: Kysely<StoreSchema>;
  readonly #log: FlowLog;

  constructor(db: Kysely<StoreSchema>, log: FlowLog = silentLog) {
    this.#db = db;
    this.#log = log;
  }

  /** Idempotent by id. */
  async add(run: NewBackup & Pick<Run, 'kind' | 'target'>): Promise<void> {
    const { id, jobId, kind, startedAt, target, startedBy, retryOf, scope } = run;
    await this.#db
      .insertInto('run')
      .values({
        ...{ id, job_id: jobId, kind, state: 'queued', started_at: startedAt },
        ...(target ? { target: JSON.stringify(target) } : {}),
        ...(startedBy ? { started_by: JSON.stringify(startedBy) } : {}),
        ...(retryOf === undefined ? {} : { retry_of: retryOf }),
        ...(scope ? { scope: JSON.stringify(scope) } : {}),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /**
   * Adds a backup run unless one of the same job has not ended; then gives that one back instead. Exact also when
   * several servers are asked at once.
   */
  async addUnlessRunning(run: NewBackup): Promise<Run | undefined> {
    return this.#db.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`run of ${run.jobId}`}, 0))`.execute(
        transaction,
      );
      const store = new RunStore(transaction);
      const running = await store.runningBackup(run.jobId);
      if (!running) await store.add({ ...run, kind: 'backup' });
      return running;
    });
  }

  /** Newest first, from after `after` on; at most `limit`. */
  async page(filter: RunFilter, limit: number, after?: RunPlace): Promise<readonly RunSummary[]> {
    const { jobId, jobIds, kind, states, since, until } = filter;
    let query = this.#db.selectFrom('run').select(bare).select(summed);
    if (jobId !== undefined) query = query.where('job_id', '=', jobId);
    if (jobIds !== undefined) query = query.where(sql<boolean>`job_id = any(${[...jobIds]})`);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (states !== undefined) query = query.where('state', 'in', [...states]);
    if (since !== undefined) query = query.where('started_at', '>=', new Date(since));
    if (until !== undefined) query = query.where('started_at', '<', new Date(until));
    if (after !== undefined)
      query = query.where(sql<boolean>`(started_at, id) < (${after.startedAt}::timestamptz, ${after.id})`);
    const rows = await query.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
    return rows.map(({ vms, ...row }) => ({ ...toRun({ ...row, plan: null }), ...vms }));
  }

  /** Runs whose id begins so, newest first; at most `limit`, and only of `jobIds`. */
  async beginningWith(
    idPrefix: string,
    limit: number,
    jobIds?: readonly string[],
  ): Promise<readonly Pick<Run, 'id' | 'startedAt' | 'endedAt'>[]> {
    let query = this.#db
      .selectFrom('run')
      .select(['id', 'started_at', 'ended_at'])
      .where((each) => each.fn<string>('left', ['id', each.val(idPrefix.length)]), '=', idPrefix);
    if (jobIds !== undefined) query = query.where(sql<boolean>`job_id = any(${[...jobIds]})`);
    const rows = await query.orderBy('started_at', 'desc').limit(limit).execute();
    return rows.map(({ id, started_at: startedAt, ended_at: endedAt }) => ({
      id,
      startedAt: startedAt.toISOString(),
      ...(endedAt ? { endedAt: endedAt.toISOString() } : {}),
    }));
  }

  async find(id: string): Promise<Run | undefined> {
    const row = await this.#db.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toRun(row);
  }

  async get(id: string): Promise<Run> {
    const run = await this.find(id);
    if (!run) throw new LeewardError('L-RUN-105', { kind: 'run', id });
    return run;
  }

  /** The part of its job that a run is about; `undefined`: all of it. */
  async scopeOf(id: string): Promise<RunScope | undefined> {
    const query = this.#db.selectFrom('run').select('scope').where('id', '=', id);
    const scope = (await query.executeTakeFirst())?.scope;
    return scope ? parseColumn(runScopeSchema, scope, `scope of run ${id}`) : undefined;
  }

  /** The newest backup run of a job, also one that goes on. */
  async newestBackup(jobId: string): Promise<string | undefined> {
    const query = this.#db.selectFrom('run').select('id').where('job_id', '=', jobId);
    const newest = query.where('kind', '=', 'backup').orderBy('started_at', 'desc').orderBy('id', 'desc');
    return (await newest.limit(1).executeTakeFirst())?.id;
  }

  /** The newest run that makes up for this one. */
  async retryOf(id: string): Promise<string | undefined> {
    const query = this.#db.selectFrom('run').select('id').where('retry_of', '=', id);
    return (await query.orderBy('started_at', 'desc').limit(1).executeTakeFirst())?.id;
  }

  /**
   * Of every job what its backups stored since its first one that brought points, which stores everything, or since then
   * where that is longer ago.
   */
  async storedByJob(
    sinceMs: number,
  ): Promise<readonly { readonly jobId: string; readonly sinceMs: number; readonly storedBytes: number }[]> {
    const { rows } = await sql<{ job_id: string; since: Date; stored: string }>`
      with grown as (
        select job_id, greatest(min(ended_at) filter (where state in ('success', 'partly')),
          ${new Date(sinceMs)}::timestamptz) as since, min(ended_at) filter (where state in ('success', 'partly')) as first
        from run where kind = 'backup' group by job_id)
      select grown.job_id, grown.since, coalesce(sum((run.totals #>> '{bytes,stored}')::numeric), 0) as stored
      from grown left join run
        on run.job_id = grown.job_id and run.kind = 'backup' and run.ended_at > grown.since
      where grown.first is not null group by grown.job_id, grown.since`.execute(this.#db);
    return rows.map(({ job_id: jobId, since, stored }) => ({
      jobId,
      sinceMs: since.getTime(),
      storedBytes: Number(stored),
    }));
  }

  /** Runs that have not ended. */
  async unfinished(): Promise<readonly Run[]> {
    const query = this.#db.selectFrom('run').selectAll().where('state', 'in', ['queued', 'running']);
    return (await query.execute()).map(toRun);
  }

  /** The backup of a job that has not ended. */
  async runningBackup(jobId: string): Promise<Run | undefined> {
    return (await this.unfinished()).find((run) => run.jobId === jobId && run.kind === 'backup');
  }

  async begin(id: string, plan: Plan | undefined): Promise<void> {
    this.#log.info('run begins', { runId: id });
    await this.#db
      .updateTable('run')
      .set({ state: 'running', plan: plan ? JSON.stringify(plan) : null })
      .where('id', '=', id)
      .execute();
  }

  async end(id: string, state: RunState, endedAt: string, problem?: ErrorReport): Promise<void> {
    await this.#db
      .updateTable('run')
      .set({ state, ended_at: endedAt, problem: problem ? JSON.stringify(problem) : null })
      .set('totals', sql`${totals}`)
      .where('id', '=', id)
      .execute();
    this.#log.info('run ended', { runId: id, state, ...(problem ? { code: problem.code } : {}) });
  }
}

const bare = [
  ...(['id', 'job_id', 'kind', 'state', 'target', 'started_at', 'ended_at', 'problem'] as const),
  ...(['started_by', 'retry_of'] as const),
] as const;

/** Over the VMs of a run. */
const totals = sql<object>`(
  select jsonb_build_object(
    'vms', jsonb_build_object('total', count(*), 'success', count(*) filter (where state = 'success'),
      'failed', count(*) filter (where state = 'failed')),
    'bytes', jsonb_build_object(
      'provisioned', coalesce(sum((facts #>> '{bytes,provisioned}')::numeric), 0),
      'changed', coalesce(sum((facts #>> '{bytes,changed}')::numeric), 0),
      'read', coalesce(sum((facts #>> '{bytes,read}')::numeric), 0),
      'stored', coalesce(sum((facts #>> '{bytes,stored}')::numeric), 0)))
  from run_vm where run_id = run.id)`;

/** What was written down when it ended, else as it is now. */
const summed = sql<Pick<RunSummary, 'vms' | 'bytes'>>`coalesce(run.totals, ${totals})`.as('vms');

function toRun(row: Omit<Selectable<StoreSchema['run']>, 'told' | 'totals' | 'scope'>): Run {
  return {
    id: row.id,
    jobId: row.job_id,
    kind: row.kind,
    state: row.state as RunState,
    ...(row.target
      ? { target: parseColumn(restoreTargetSchema, row.target, `target of run ${row.id}`) }
      : {}),
    ...(row.plan ? { plan: row.plan as Plan } : {}),
    startedAt: row.started_at.toISOString(),
    ...(row.ended_at ? { endedAt: row.ended_at.toISOString() } : {}),
    ...(row.problem ? { problem: row.problem as ErrorReport } : {}),
    ...(row.started_by
      ? { startedBy: parseColumn(startedBySchema, row.started_by, `start of run ${row.id}`) }
      : {}),
    ...(row.retry_of === null ? {} : { retryOf: row.retry_of }),
  };
}
