import { type Clock, type ErrorReport, isoTime, type LeewardError, reportOf } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import { type FlowLog, silentLog } from '../flow/flow-log.ts';
import type { StoreSchema } from './schema.ts';

export interface RunStep {
  /** VM key, or empty for a step of the whole run. */
  readonly scope: string;
  readonly name: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly detail: object;
}

export type StepDuration = Pick<RunStep, 'scope' | 'name'> & { readonly durationMs: number };

export interface RunEvent {
  readonly vmKey: string;
  readonly at: string;
  readonly report: ErrorReport;
}

/** Steps with their times and events with their codes: what users see of a run while it happens and after. */
export class RunLog {
  readonly #db: Kysely<StoreSchema>;
  readonly #clock: Clock;
  readonly #log: FlowLog;

  constructor(db: Kysely<StoreSchema>, clock: Clock, log: FlowLog = silentLog) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Runs `work` as a step of each scope. A repeated step keeps its first start. The end is written for a
   * failure too, with its code. `detailOf`: what else of the result is to be shown.
   */
  async step<T>(
    runId: string,
    scopes: readonly string[],
    name: string,
    work: () => Promise<T>,
    detailOf: (result: T) => object = () => ({}),
  ): Promise<T> {
    await this.#begin(runId, scopes, name);
    this.#log.debug('step begins', factsOf(runId, scopes, name));
    try {
      const result = await work();
      await this.#end(runId, scopes, name, detailOf(result));
      this.#log.debug('step ended', factsOf(runId, scopes, name));
      return result;
    } catch (error) {
      const { code, what } = reportOf(error);
      this.#log.info('step failed', { ...factsOf(runId, scopes, name), code, what });
      await this.#end(runId, scopes, name, { failed: code });
      throw error;
    }
  }

  /**
   * Steps of that scope that are done once more stay as `earlier-NAME`, so that each has its own times. Safe to repeat
   * as long as they have not begun anew.
   */
  async setAside(runId: string, scope: string, names: readonly string[]): Promise<void> {
    await this.#db
      .updateTable('run_step')
      .set(({ val, eb }) => ({ name: eb(val('earlier-'), '||', eb.ref('name')) }))
      .where('run_id', '=', runId)
      .where('scope', '=', scope)
      .where('name', 'in', [...names])
      .execute();
  }

  /** Written once: the same event of the same VM is not repeated by a replay. */
  async event(runId: string, vmKey: string, error: LeewardError): Promise<void> {
    const report = reportOf(error);
    const { code, severity, what } = report;
    this.#log.info('event of a run', { runId, ...(vmKey === '' ? {} : { vmKey }), code, severity, what });
    await this.#db
      .insertInto('run_event')
      .values({
        run_id: runId,
        vm_key: vmKey,
        at: isoTime(this.#clock.now()),
        code: report.code,
        severity: report.severity,
        report: JSON.stringify(report),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async steps(runId: string): Promise<readonly RunStep[]> {
    const rows = await this.#db
      .selectFrom('run_step')
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('position')
      .execute();
    return rows.map((row) => ({
      scope: row.scope,
      name: row.name,
      startedAt: row.started_at.toISOString(),
      ...(row.ended_at ? { endedAt: row.ended_at.toISOString() } : {}),
      detail: row.detail,
    }));
  }

  async events(runId: string): Promise<readonly RunEvent[]> {
    const rows = await this.#db
      .selectFrom('run_event')
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      vmKey: row.vm_key,
      at: row.at.toISOString(),
      report: row.report as ErrorReport,
    }));
  }

  /** Of each scope and step that did not fail, the newest durations since then, at most `most` each. */
  async durations(names: readonly string[], sinceMs: number, most: number): Promise<readonly StepDuration[]> {
    const rows = await this.#db
      .selectFrom((from) =>
        from
          .selectFrom('run_step')
          .select(['scope', 'name', 'started_at', 'ended_at'])
          .select(
            sql<number>`row_number() over (partition by scope, name order by position desc)`.as('place'),
          )
          .where('name', 'in', [...names])
          .where('started_at', '>=', new Date(sinceMs))
          .where('ended_at', 'is not', null)
          .where(sql<boolean>`not (detail ? 'failed')`)
          .as('newest'),
      )
      .selectAll()
      .where('place', '<=', most)
      .execute();
    return rows.flatMap(({ scope, name, started_at, ended_at }) => {
      return ended_at ? [{ scope, name, durationMs: ended_at.getTime() - started_at.getTime() }] : [];
    });
  }

  async #begin(runId: string, scopes: readonly string[], name: string): Promise<void> {
    const started_at = isoTime(this.#clock.now());
    for (const scope of scopes)
      await this.#db
        .insertInto('run_step')
        .values({ run_id: runId, scope, name, started_at, detail: '{}' })
        .onConflict((conflict) =>
          conflict.columns(['run_id', 'scope', 'name']).doUpdateSet({ ended_at: null }),
        )
        .execute();
  }

  async #end(runId: string, scopes: readonly string[], name: string, detail: object): Promise<void> {
    await this.#db
      .updateTable('run_step')
      .set({ ended_at: isoTime(this.#clock.now()), detail: JSON.stringify(detail) })
      .where('run_id', '=', runId)
      .where('scope', 'in', [...scopes])
      .where('name', '=', name)
      .execute();
  }
}

/** What stands in every line of the log about a step: `vmKey` of the one VM that it is of, `vmKeys` of several. */
function factsOf(runId: string, scopes: readonly string[], step: string) {
  const vmKeys = scopes.filter((scope) => scope !== '');
  const [vmKey] = vmKeys;
  if (vmKey === undefined) return { runId, step };
  return vmKeys.length === 1 ? { runId, vmKey, step } : { runId, vmKeys, step };
}
