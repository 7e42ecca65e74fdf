import { type Limits, limitDefaults, type Randomness } from '@leeward/core';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

const atOnce = z.number().int().min(1).max(10_000);

/** What was never set, also of releases that did not know it, is as by default. */
export const limitsSchema = z.object({
  vmwareSnapshotsPerDatastore: atOnce.default(limitDefaults.vmwareSnapshotsPerDatastore),
  vmwareSnapshotsPerHost: atOnce.default(limitDefaults.vmwareSnapshotsPerHost),
  vmwareSnapshotsPerVcenter: atOnce.default(limitDefaults.vmwareSnapshotsPerVcenter),
  standardVmsPerHost: atOnce.default(limitDefaults.standardVmsPerHost),
  standardVmsPerVcenter: atOnce.default(limitDefaults.standardVmsPerVcenter),
}) satisfies z.ZodType<Limits>;

const limitsName = 'limits';

/** Settings of the whole installation. */
export class SettingsStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  async limits(): Promise<Limits> {
    const row = await this.#db
      .selectFrom('setting')
      .select('value')
      .where('name', '=', limitsName)
      .executeTakeFirst();
    return parseColumn(limitsSchema, row ? JSON.parse(row.value) : {}, 'limits');
  }

  /** What is given changes. Holds from the next group on that wants to begin, also of runs that go on. */
  async changeLimits(changes: Partial<Limits>): Promise<Limits> {
    const limits = limitsSchema.parse({ ...(await this.limits()), ...changes });
    const value = JSON.stringify(limits);
    await this.#db
      .insertInto('setting')
      .values({ name: limitsName, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
    return limits;
  }
}

/** The id of this installation, part of every ownership mark on foreign systems; made at the first start. */
export async function installationId(db: Kysely<StoreSchema>, randomness: Randomness): Promise<string> {
  const name = 'installation';
  await db
    .insertInto('setting')
    .values({ name, value: randomness.uuid() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db
    .selectFrom('setting')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return row.value;
}
