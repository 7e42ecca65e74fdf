import { type ErrorReport, LeewardError, type Plan } from '@leeward/core';
import type { Kysely, Selectable } from 'kysely';
import type { StoreSchema } from './schema.ts';

/** `partly`: some VMs have a new point and some have not. */
export type RunState = 'queued' | 'running' | 'success' | 'partly' | 'failed' | 'cancelled';

export const endedRunStates: readonly RunState[] = ['success', 'partly', 'failed', 'cancelled'];

export interface Run {
  readonly id: string;
  readonly jobId: string;
  readonly kind: 'backup' | 'restore';
  readonly state: RunState;
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
  async add(run: Pick<Run, 'id' | 'jobId' | 'kind' | 'startedAt'>): Promise<void> {
    await this.#db
      .insertInto('run')
      .values({ id: run.id, job_id: run.jobId, kind: run.kind, state: 'queued', started_at: run.startedAt })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
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

  async get(id: string): Promise<Run> {
    const row = await this.#db.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new LeewardError('L-RUN-105', { kind: 'run', id });
    return toRun(row);
  }

  /** Runs that have not ended. */
  async unfinished(jobId?: string): Promise<readonly Run[]> {
    let query = this.#db.selectFrom('run').selectAll().where('state', 'in', ['queued', 'running']);
    if (jobId !== undefined) query = query.where('job_id', '=', jobId);
    return (await query.execute()).map(toRun);
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
    ...(row.plan ? { plan: row.plan as Plan } : {}),
    startedAt: row.started_at.toISOString(),
    ...(row.ended_at ? { endedAt: row.ended_at.toISOString() } : {}),
    ...(row.problem ? { problem: row.problem as ErrorReport } : {}),
  };
}
