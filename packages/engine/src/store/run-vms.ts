import type { ErrorReport, Skew, StageTimes } from '@leeward/core';
import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

/** `Skew` of the core. */
export const skewSchema = z.object({
  instants: z.number(),
  atLeastMs: z.number(),
  atMostMs: z.number(),
}) satisfies z.ZodType<Skew>;

/** `StageTimes` of the core. */
export const stageTimesSchema = z.object({
  sourceMs: z.number().min(0),
  proxyMs: z.number().min(0),
  repositoryMs: z.number().min(0),
}) satisfies z.ZodType<StageTimes>;

/** Why a disk was read in full instead of by changes. */
export const fullBecauseSchema = z.object({ code: z.string(), what: z.string() });

export type RunVmState = 'waiting' | 'running' | 'success' | 'failed' | 'cancelled';

/** What is known of one VM of a run; every field is filled in as the run goes on. */
export const runVmFactsSchema = z.object({
  source: z.enum(['secondary', 'primary', 'standard']).optional(),
  transport: z.enum(['nfs', 'iscsi', 'http']).optional(),
  kind: z.enum(['full', 'incremental']).optional(),
  relation: z
    .object({ kind: z.enum(['transfer', 'sync']), policy: z.string(), secondary: z.string() })
    .optional(),
  vmwareSnapshot: z
    .object({ name: z.string(), createdAt: z.string(), removedAt: z.string().optional() })
    .optional(),
  /** How far apart its storage snapshots were taken. */
  skew: skewSchema.optional(),
  bytes: z
    .object({ provisioned: z.number(), changed: z.number(), read: z.number(), stored: z.number() })
    .optional(),
  /** Of the proxy that read it, where its time went; of the last try alone. */
  stageTimes: stageTimesSchema.optional(),
  /** The disks that were read: the tasks of the run. */
  disks: z
    .array(
      z.object({
        key: z.number().int(),
        label: z.string(),
        kind: z.enum(['full', 'incremental']),
        fullBecause: fullBecauseSchema.optional(),
        /** Blocks said to be unchanged that were compared with the point before, and were as there. */
        sampledBlocks: z.number().int().optional(),
      }),
    )
    .optional(),
  /** Bytes that a resumed read did not have to read again. */
  resumedBytes: z.number().optional(),
  pointId: z.string().optional(),
  /** Of a snapshot-only job: the moment that its storage snapshots stand for, by our clock. */
  frozenAt: z.string().optional(),
  consistency: z.enum(['quiesced', 'crash-consistent']).optional(),
  /** Of a snapshot-only job: what holds the VM on the arrays. */
  storageSnapshots: z
    .array(
      z.object({
        name: z.string(),
        place: z.enum(['primary', 'middle', 'secondary']),
        arrayName: z.string(),
        volumeName: z.string(),
      }),
    )
    .optional(),
});

export type RunVmFacts = z.infer<typeof runVmFactsSchema>;

export interface RunVm {
  readonly runId: string;
  readonly vmKey: string;
  readonly name: string;
  readonly state: RunVmState;
  readonly facts: RunVmFacts;
  readonly problem?: ErrorReport;
}

export class RunVmStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  /** Creates the row or changes state and adds facts; facts that are there stay unless named again. */
  async put(
    vm: Pick<RunVm, 'runId' | 'vmKey' | 'name' | 'state'>,
    facts: RunVmFacts = {},
    problem?: ErrorReport,
  ): Promise<void> {
    const known = await this.#db
      .selectFrom('run_vm')
      .select('facts')
      .where('run_id', '=', vm.runId)
      .where('vm_key', '=', vm.vmKey)
      .executeTakeFirst();
    const values = {
      run_id: vm.runId,
      vm_key: vm.vmKey,
      name: vm.name,
      state: vm.state,
      facts: JSON.stringify({ ...known?.facts, ...facts }),
      problem: problem ? JSON.stringify(problem) : null,
    };
    await this.#db
      .insertInto('run_vm')
      .values(values)
      .onConflict((conflict) => conflict.columns(['run_id', 'vm_key']).doUpdateSet(values))
      .execute();
  }

  async list(runId: string): Promise<readonly RunVm[]> {
    const rows = await this.#db
      .selectFrom('run_vm')
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('name')
      .execute();
    return rows.map(toRunVm);
  }
}

function toRunVm(row: Selectable<StoreSchema['run_vm']>): RunVm {
  return {
    runId: row.run_id,
    vmKey: row.vm_key,
    name: row.name,
    state: row.state as RunVmState,
    facts: parseColumn(runVmFactsSchema, row.facts, `facts of VM ${row.name}`),
    ...(row.problem ? { problem: row.problem as ErrorReport } : {}),
  };
}
