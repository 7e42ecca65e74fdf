import type { Extent } from '@leeward/core';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

const areasSchema = z.array(z.object({ offsetBytes: z.number(), lengthBytes: z.number() }));

export interface ChangeListKey {
  readonly runId: string;
  readonly vmKey: string;
  readonly diskKey: number;
}

/** Changed areas of a disk, kept from the moment CBT was asked until the disk is read. */
export class ChangeListStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  async put(key: ChangeListKey, areas: readonly Extent[]): Promise<void> {
    const values = {
      run_id: key.runId,
      vm_key: key.vmKey,
      disk_key: key.diskKey,
      areas: JSON.stringify(areas),
    };
    await this.#db
      .insertInto('change_list')
      .values(values)
      .onConflict((conflict) =>
        conflict.columns(['run_id', 'vm_key', 'disk_key']).doUpdateSet({ areas: values.areas }),
      )
      .execute();
  }

  /** `undefined`: the disk is read in full. */
  async get(key: ChangeListKey): Promise<readonly Extent[] | undefined> {
    const row = await this.#db
      .selectFrom('change_list')
      .select('areas')
      .where('run_id', '=', key.runId)
      .where('vm_key', '=', key.vmKey)
      .where('disk_key', '=', key.diskKey)
      .executeTakeFirst();
    return row && parseColumn(areasSchema, row.areas, 'changed areas');
  }

  async removeRun(runId: string): Promise<void> {
    await this.#db.deleteFrom('change_list').where('run_id', '=', runId).execute();
  }
}
