import { LeewardError, type Source } from '@leeward/core';
import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import { fullBecauseSchema, skewSchema } from './run-vms.ts';
import type { StoreSchema } from './schema.ts';

export const pointFactsSchema = z.object({
  vmPath: z.string(),
  kind: z.enum(['full', 'incremental']),
  /** When the VMware snapshot was taken: the moment the point stands for. */
  frozenAt: z.string(),
  /** How far apart its storage snapshots were taken; absent in points of earlier versions. */
  skew: skewSchema.optional(),
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
      /** Missing where it was read by changes, and in points of earlier versions. */
      fullBecause: fullBecauseSchema.optional(),
      /** Run that found that change tracking since this point missed writes: nothing is compared with it any more. */
      distrustedBy: z.string().optional(),
    }),
  ),
});

const areaSchema = z.object({ offsetBytes: z.number(), lengthBytes: z.number() });

/** With what only later backups need. */
const storedFactsSchema = pointFactsSchema.extend({
  disks: z.array(
    pointFactsSchema.shape.disks.element.extend({
      /**
       * What the point has from delta disks that went with the VMware snapshot: the VM's disk never got it, so change
       * tracking may not tell that it is gone. For the next incremental all of it counts as changed.
       */
      deltaAreas: z.array(areaSchema).optional(),
    }),
  ),
});

export type PointFacts = z.infer<typeof storedFactsSchema>;

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

  /** No later backup may go by what changed since this point. A point that is gone has nothing to be distrusted. */
  async distrust(id: string, diskKey: number, runId: string): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      const row = await transaction
        .selectFrom('point')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return;
      const { facts } = toPoint(row);
      const disks = facts.disks.map((disk) =>
        disk.key === diskKey ? { ...disk, distrustedBy: disk.distrustedBy ?? runId } : disk,
      );
      const changed = JSON.stringify({ ...facts, disks });
      await transaction.updateTable('point').set({ facts: changed }).where('id', '=', id).execute();
    });
  }

  async find(id: string): Promise<Point | undefined> {
    const row = await this.#db.selectFrom('point').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toPoint(row);
  }

  async get(id: string): Promise<Point> {
    const point = await this.find(id);
    if (!point) throw new LeewardError('L-RUN-105', { kind: 'point', id });
    return point;
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
    facts: parseColumn(storedFactsSchema, row.facts, `point ${row.id}`),
  };
}
