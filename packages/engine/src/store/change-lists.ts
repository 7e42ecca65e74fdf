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

type Kind = 'changed' | 'allocated';

/**
 * What CBT said of a disk, kept from the moment it was asked until the disk is read: the changed areas, and, beside
 * them and whether or not there are any, the areas that are allocated at all.
 */
export class ChangeListStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  put(key: ChangeListKey, areas: readonly Extent[]): Promise<void> {
    return this.#put(key, 'changed', areas);
  }

  putAllocated(key: ChangeListKey, areas: readonly Extent[]): Promise<void> {
    return this.#put(key, 'allocated', areas);
  }

  /** `undefined`: the disk is read in full. */
  get(key: ChangeListKey): Promise<readonly Extent[] | undefined> {
    return this.#get(key, 'changed');
  }

  /** `undefined`: CBT did not say. */
  getAllocated(key: ChangeListKey): Promise<readonly Extent[] | undefined> {
    return this.#get(key, 'allocated');
  }

  async removeVm(runId: string, vmKey: string): Promise<void> {
    await this.#db
      .deleteFrom('change_list')
      .where('run_id', '=', runId)
      .where('vm_key', '=', vmKey)
      .execute();
  }

  async removeRun(runId: string): Promise<void> {
    await this.#db.deleteFrom('change_list').where('run_id', '=', runId).execute();
  }

  async #put(key: ChangeListKey, kind: Kind, areas: readonly Extent[]): Promise<void> {
    const values = {
      run_id: key.runId,
      vm_key: key.vmKey,
      disk_key: key.diskKey,
      kind,
      areas: JSON.stringify(areas),
    };
    await this.#db
      .insertInto('change_list')
      .values(values)
      .onConflict((conflict) =>
        conflict.columns(['run_id', 'vm_key', 'disk_key', 'kind']).doUpdateSet({ areas: values.areas }),
      )
      .execute();
  }

  async #get(key: ChangeListKey, kind: Kind): Promise<readonly Extent[] | undefined> {
    const row = await this.#db
      .selectFrom('change_list')
      .select('areas')
      .where('run_id', '=', key.runId)
      .where('vm_key', '=', key.vmKey)
      .where('disk_key', '=', key.diskKey)
      .where('kind', '=', kind)
      .executeTakeFirst();
    return row && parseColumn(areasSchema, row.areas, `${kind} areas`);
  }
}
