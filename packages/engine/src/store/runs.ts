import { type ErrorReport, LeewardError, type Plan } from '@leeward/core';
import { type Kysely, type Selectable, sql } from 'kysely';
import { z } from 'zod';
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
}

export class RunStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** Idempotent by id. */
  async add(run: Pick<Run, 'id' | 'jobId' | 'kind' | 'startedAt' | 'target'>): Promise<void> {
    const { id, jobId, kind, startedAt, target } = run;
    await this.#db
      .insertInto('run')
      .values({
        ...{ id, job_id: jobId, kind, state: 'queued', started_at: startedAt },
        ...(target ? { target: JSON.stringify(target) } : {}),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /**
   * Adds a backup run unless one of the same job has not ended; then gives that one back instead. Exact also when
   * several servers are asked at once.
   */
  async addUnlessRunning(run: Pick<Run, 'id' | 'jobId' | 'startedAt'>): Promise<Run | undefined> {
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

  async list(filter: { readonly jobId?: string; readonly limit?: number } = {}): Promise<readonly Run[]> {
    let query = this.#db.selectFrom('run').selectAll();
    if (filter.jobId !== undefined) query = query.where('job_id', '=', filter.jobId);
    return (
      await query
        .orderBy('started_at', 'desc')
        .limit(filter.limit ?? 1_000)
        .execute()
    ).map(toRun);
  }

  /** Runs whose id begins so, newest first; at most `limit`. */
  async beginningWith(idPrefix: string, limit: number): Promise<readonly Run[]> {
    const rows = await this.#db
      .selectFrom('run')
      .selectAll()
      .where((each) => each.fn<string>('left', ['id', each.val(idPrefix.length)]), '=', idPrefix)
      .orderBy('started_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toRun);
  }

  async get(id: string): Promise<Run> {
    const row = await this.#db.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new LeewardError('L-RUN-105', { kind: 'run', id });
    return toRun(row);
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
      .where('id', '=', id)
      .execute();
  }
}

function toRun(row: Selectable<StoreSchema['run']>): Run {
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
  };
}
