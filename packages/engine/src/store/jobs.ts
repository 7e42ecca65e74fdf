import {
  type Job,
  jobDefaults,
  LeewardError,
  quiescePolicies,
  relationRules,
  type Schedule,
} from '@leeward/core';
import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

/** `Schedule` of the core. */
export const scheduleSchema = z.object({
  cron: z.string(),
  timeZone: z.string(),
  enabled: z.boolean(),
  catchUpMs: z.number().int().min(0),
  retries: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('How often what failed is tried again; missing: never'),
  retryWaitMs: z.number().int().min(1).optional(),
  since: z.string(),
}) satisfies z.ZodType<Schedule>;

/** The form of a job in database, API and plan. */
export const jobSchema = z.object({
  id: z.string(),
  name: z.string(),
  vms: z.array(z.string()).min(1),
  repositoryId: z.string().optional().describe('Missing exactly where the job is snapshot-only'),
  // Jobs of earlier versions have none.
  snapshotOnly: z.boolean().default(jobDefaults.snapshotOnly),
  relation: z.string().optional(),
  // Jobs of earlier versions have none.
  relationRule: z.enum(relationRules).default(jobDefaults.relationRule),
  preferredArrays: z.array(z.string()).min(1).optional(),
  failoverToPrimary: z.boolean(),
  // Jobs of earlier versions have none.
  finishOnPrimary: z.boolean().default(jobDefaults.finishOnPrimary),
  // Jobs of earlier versions have none.
  failoverToStandard: z.boolean().default(jobDefaults.failoverToStandard),
  failOnDowngrade: z.boolean(),
  quiesce: z.enum(quiescePolicies),
  // Jobs of earlier versions have none.
  cbtSampleFraction: z.number().min(0).max(1).default(jobDefaults.cbtSampleFraction),
  preScript: z.string().optional(),
  postScript: z.string().optional(),
  scriptTimeoutMs: z.number().int().min(1_000).default(jobDefaults.scriptTimeoutMs),
  vmsPerStorageSnapshot: z.number().int().min(1).optional(),
  vmwareSnapshotBudgetMs: z.number().int().min(1_000).optional(),
  // Jobs of earlier versions have none.
  standardMaxSnapshotMs: z.number().int().min(60_000).default(jobDefaults.standardMaxSnapshotMs),
  secondaryKeep: z.number().int().min(0).describe('0: no chain there, but for `secondaryKeepDays`'),
  secondaryKeepDays: z.number().int().min(1).optional(),
  primaryKeep: z.number().int().min(1).optional(),
  primaryKeepDays: z.number().int().min(1).optional(),
  secondaryLockDays: z.number().int().min(1).optional(),
  primaryLockDays: z.number().int().min(1).optional(),
  keepPoints: z.number().int().min(1).optional(),
  maxRelationLagMs: z.number().int().min(0).optional(),
  // Jobs of earlier versions have none.
  settlePauseMs: z.number().int().min(0).default(jobDefaults.settlePauseMs),
  transferTimeoutMs: z.number().int().min(1_000),
  schedule: scheduleSchema.optional(),
}) satisfies z.ZodType<Job>;

export class JobStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  async add(job: Job): Promise<void> {
    await this.#db
      .insertInto('job')
      .values({ id: job.id, name: job.name, spec: JSON.stringify(job) })
      .execute();
  }

  /** Replaces the job of that id. */
  async update(job: Job): Promise<void> {
    await this.#db
      .updateTable('job')
      .set({ name: job.name, spec: JSON.stringify(job) })
      .where('id', '=', job.id)
      .execute();
  }

  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('job').where('id', '=', id).execute();
  }

  async list(): Promise<readonly Job[]> {
    return (await this.#db.selectFrom('job').selectAll().orderBy('name').execute()).map(toJob);
  }

  async find(id: string): Promise<Job | undefined> {
    const row = await this.#db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toJob(row);
  }

  async get(id: string): Promise<Job> {
    const job = await this.find(id);
    if (!job) throw new LeewardError('L-CFG-102', { kind: 'job', name: id });
    return job;
  }
}

function toJob(row: Selectable<StoreSchema['job']>): Job {
  return parseColumn(jobSchema, row.spec, `job ${row.name}`);
}
