import type { Clock } from '@leeward/core';
import { type Kysely, sql } from 'kysely';
import { lineOf } from '../flow-id.ts';
import { databaseCall } from './database-call.ts';
import type { FlowTables } from './flow-tables.ts';

const unfinished = ['PENDING', 'ENQUEUED', 'DELAYED'];

/** What the engine asks and tells the database besides DBOS. Every call goes through an outage. */
export class FlowRows {
  readonly #db: Kysely<FlowTables>;
  readonly #clock: Clock;

  constructor(db: Kysely<FlowTables>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Returns whether there is such a flow. What is queued and never began ends at once: nothing is owed. */
  requestCancel(flowId: string): Promise<boolean> {
    return databaseCall(this.#clock, () =>
      this.#db.transaction().execute(async (tx) => {
        const found = await tx
          .selectFrom('dbos.workflow_status')
          .select('workflow_uuid')
          .where('workflow_uuid', '=', flowId)
          .executeTakeFirst();
        if (!found) return false;
        await tx
          .insertInto('flow.cancel_request')
          .values({ flow_id: flowId })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await tx
          .updateTable('dbos.workflow_status')
          .set({ status: 'CANCELLED', owner_xid: null, completed_at: nowMs, updated_at: nowMs })
          .where('status', '=', 'ENQUEUED')
          .where('recovery_attempts', '=', 0)
          .where((is) =>
            is.or([
              is('workflow_uuid', '=', flowId),
              is(sql`starts_with(workflow_uuid, ${`${flowId}/`})`, '=', true),
            ]),
          )
          .execute();
        return true;
      }),
    );
  }

  isCancelRequested(flowId: string, signal?: AbortSignal): Promise<boolean> {
    const asked = () =>
      this.#db
        .selectFrom('flow.cancel_request')
        .select('flow_id')
        .where('flow_id', 'in', lineOf(flowId))
        .limit(1)
        .execute();
    return databaseCall(this.#clock, async () => (await asked()).length > 0, signal);
  }

  /** The token of the execution that owns the flow now. */
  owner(flowId: string, signal?: AbortSignal): Promise<string | undefined> {
    return databaseCall(
      this.#clock,
      async () => (await this.owners([flowId])).get(flowId) ?? undefined,
      signal,
    );
  }

  async owners(flowIds: readonly string[]): Promise<Map<string, string | null>> {
    const rows = await this.#db
      .selectFrom('dbos.workflow_status')
      .select(['workflow_uuid', 'owner_xid'])
      .where('workflow_uuid', 'in', flowIds)
      .execute();
    return new Map(rows.map((row) => [row.workflow_uuid, row.owner_xid]));
  }

  /** Those of the flows for which, or for a parent of which, cancelling was asked. */
  async cancelRequested(flowIds: readonly string[]): Promise<Set<string>> {
    const lines = new Set(flowIds.flatMap(lineOf));
    if (lines.size === 0) return new Set();
    const rows = await this.#db
      .selectFrom('flow.cancel_request')
      .select('flow_id')
      .where('flow_id', 'in', [...lines])
      .execute();
    const asked = new Set(rows.map((row) => row.flow_id));
    return new Set(flowIds.filter((id) => lineOf(id).some((link) => asked.has(link))));
  }

  async ended(flowIds: readonly string[]): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('dbos.workflow_status')
      .select('workflow_uuid')
      .where('workflow_uuid', 'in', flowIds)
      .where('status', 'not in', unfinished)
      .execute();
    return rows.map((row) => row.workflow_uuid);
  }

  /** Only the owner's progress is taken. */
  async writeProgress(flowId: string, owner: string, value: unknown): Promise<void> {
    await sql`
      insert into flow.progress (flow_id, value)
      select workflow_uuid, ${JSON.stringify(value)}::jsonb from dbos.workflow_status
      where workflow_uuid = ${flowId} and owner_xid = ${owner}
      on conflict (flow_id) do update set value = excluded.value, updated_at = now()`.execute(this.#db);
  }

  progress(flowIds: readonly string[]): Promise<Map<string, unknown>> {
    if (flowIds.length === 0) return Promise.resolve(new Map());
    const read = () =>
      this.#db
        .selectFrom('flow.progress')
        .select(['flow_id', 'value'])
        .where('flow_id', 'in', flowIds)
        .execute();
    return databaseCall(
      this.#clock,
      async () => new Map((await read()).map((row) => [row.flow_id, row.value])),
    );
  }
}

const nowMs = sql<number>`(extract(epoch from now()) * 1000)::bigint`;
