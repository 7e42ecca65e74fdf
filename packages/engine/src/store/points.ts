import { LeewardError, type Source } from '@leeward/core';
import { type Kysely, type Selectable, sql } from 'kysely';
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

/** The job of a point that was found in a repository: none that is known here. */
export function importedJobId(jobName: string): string {
  return `imported:${jobName}`;
}

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

export interface PointFilter {
  /** Exactly the name, inventory path or key of the VM. */
  readonly vm?: string | undefined;
  /** Part of name or path of the VM, whatever the case. */
  readonly find?: string | undefined;
  readonly jobId?: string | undefined;
  /** Only of these. */
  readonly jobIds?: readonly string[] | undefined;
  readonly runId?: string | undefined;
  readonly repositoryId?: string | undefined;
  readonly source?: Source | undefined;
  /** Of moments that points stand for, from here on, and before: ISO times. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface RepositoryUsage {
  readonly repositoryId: string;
  readonly points: number;
  readonly storedBytes: number;
}

export interface PointPlace {
  readonly createdAt: string;
  readonly id: string;
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

  /** Newest first, from after `after` on; at most `limit`. */
  async page(filter: PointFilter, limit: number, after?: PointPlace): Promise<readonly Point[]> {
    const { vm, find, jobId, jobIds, runId, repositoryId, source, since, until } = filter;
    let query = this.#db.selectFrom('point').selectAll();
    if (vm !== undefined)
      query = query.where(sql<boolean>`(vm_name = ${vm} or vm_key = ${vm} or (facts ->> 'vmPath') = ${vm})`);
    if (find !== undefined)
      query = query.where(
        sql<boolean>`position(lower(${find}) in lower(vm_name || chr(10) || (facts ->> 'vmPath'))) > 0`,
      );
    if (jobId !== undefined) query = query.where('job_id', '=', jobId);
    if (jobIds !== undefined) query = query.where(sql<boolean>`job_id = any(${[...jobIds]})`);
    if (runId !== undefined) query = query.where('run_id', '=', runId);
    if (repositoryId !== undefined) query = query.where('repository_id', '=', repositoryId);
    if (source !== undefined) query = query.where('source', '=', source);
    if (since !== undefined) query = query.where('created_at', '>=', new Date(since));
    if (until !== undefined) query = query.where('created_at', '<', new Date(until));
    if (after !== undefined)
      query = query.where(sql<boolean>`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id})`);
    const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
    return rows.map(toPoint);
  }

  /** Points whose id begins so, newest first; at most `limit`, and only of `jobIds`. */
  async beginningWith(
    idPrefix: string,
    limit: number,
    jobIds?: readonly string[],
  ): Promise<readonly Point[]> {
    let query = this.#db
      .selectFrom('point')
      .selectAll()
      .where((each) => each.fn<string>('left', ['id', each.val(idPrefix.length)]), '=', idPrefix);
    if (jobIds !== undefined) query = query.where(sql<boolean>`job_id = any(${[...jobIds]})`);
    const rows = await query.orderBy('created_at', 'desc').limit(limit).execute();
    return rows.map(toPoint);
  }

  /** How many points each repository has that has any, and what they stored when they were made. */
  async usage(): Promise<readonly RepositoryUsage[]> {
    const { rows } = await sql<{ repository_id: string; points: number; stored: string }>`
      select repository_id, count(*) as points, sum((facts #>> '{bytes,stored}')::numeric) as stored
      from point group by repository_id`.execute(this.#db);
    return rows.map(({ repository_id: repositoryId, points, stored }) => ({
      repositoryId,
      points,
      storedBytes: Number(stored),
    }));
  }

  /** All of them, newest first. */
  async list(filter: { readonly vmKey?: string; readonly runId?: string } = {}): Promise<readonly Point[]> {
    let query = this.#db.selectFrom('point').selectAll();
    if (filter.vmKey !== undefined) query = query.where('vm_key', '=', filter.vmKey);
    if (filter.runId !== undefined) query = query.where('run_id', '=', filter.runId);
    return (await query.orderBy('created_at', 'desc').execute()).map(toPoint);
  }

  async idsIn(repositoryId: string): Promise<readonly string[]> {
    const query = this.#db.selectFrom('point').select('id').where('repository_id', '=', repositoryId);
    return (await query.execute()).map(({ id }) => id);
  }

  /** The newest point of each VM in each repository that a run of this server made, for planning. */
  async newest(): Promise<readonly Point[]> {
    const rows = await this.#db
      .selectFrom('point')
      .distinctOn(['vm_key', 'repository_id'])
      .selectAll()
      .where('job_id', 'not like', `${importedJobId('')}%`)
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
