import { LeewardError, type Source } from '@leeward/core';
import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

export const pointFactsSchema = z.object({
  vmPath: z.string(),
  kind: z.enum(['full', 'incremental']),
  /** When the VMware snapshot was taken: the moment the point stands for. */
  frozenAt: z.string(),
  bytes: z.object({
    provisioned: z.number(),
    changed: z.number(),
    read: z.number(),
    stored: z.number(),
  }),
  disks: z.array(
    z.object({
      key: z.number().int(),
      label: z.string(),
      node: z.string(),
      /** Name of the disk inside the point. */
      name: z.string(),
      fileName: z.string(),
      sizeBytes: z.number(),
      changeId: z.string().optional(),
    }),
  ),
});

export type PointFacts = z.infer<typeof pointFactsSchema>;

export interface Point {
  /** The id of the snapshot file in the repository. */
  readonly id: string;
  readonly vmKey: string;
  readonly vmName: string;
  readonly vcenterName: string;
  readonly jobId: string;
  readonly runId: string;
  readonly repositoryId: string;
  readonly createdAt: string;
  readonly source: Source;
  readonly facts: PointFacts;
}

export class PointStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** Idempotent by id. */
  async add(point: Point): Promise<void> {
    await this.#db
      .insertInto('point')
      .values({
        id: point.id,
        vm_key: point.vmKey,
        vm_name: point.vmName,
        vcenter_name: point.vcenterName,
        job_id: point.jobId,
        run_id: point.runId,
        repository_id: point.repositoryId,
        created_at: point.createdAt,
        source: point.source,
        facts: JSON.stringify(point.facts),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }

  /** Newest first. */
  async list(filter: { readonly vmKey?: string; readonly runId?: string } = {}): Promise<readonly Point[]> {
    let query = this.#db.selectFrom('point').selectAll();
    if (filter.vmKey !== undefined) query = query.where('vm_key', '=', filter.vmKey);
    if (filter.runId !== undefined) query = query.where('run_id', '=', filter.runId);
    return (await query.orderBy('created_at', 'desc').execute()).map(toPoint);
  }

  /** The newest point of each VM in each repository, for planning. */
  async newest(): Promise<readonly Point[]> {
    const rows = await this.#db
      .selectFrom('point')
      .distinctOn(['vm_key', 'repository_id'])
      .selectAll()
      .orderBy('vm_key')
      .orderBy('repository_id')
      .orderBy('created_at', 'desc')
      .execute();
    return rows.map(toPoint);
  }

  /** What is gone already is success. */
  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('point').where('id', '=', id).execute();
  }

  async get(id: string): Promise<Point> {
    const row = await this.#db.selectFrom('point').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new LeewardError('L-RUN-105', { kind: 'point', id });
    return toPoint(row);
  }
}

function toPoint(row: Selectable<StoreSchema['point']>): Point {
  return {
    id: row.id,
    vmKey: row.vm_key,
    vmName: row.vm_name,
    vcenterName: row.vcenter_name,
    jobId: row.job_id,
    runId: row.run_id,
    repositoryId: row.repository_id,
    createdAt: row.created_at.toISOString(),
    source: row.source as Source,
    facts: parseColumn(pointFactsSchema, row.facts, `point ${row.id}`),
  };
}
