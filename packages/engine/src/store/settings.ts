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

/** How data is read. */
export const dataPathSchema = z.object({
  /** A data port that answers nothing for so long counts as lost. Takeovers between controllers last up to a minute. */
  giveUpSeconds: z.number().int().min(5).max(3600).default(120),
  /**
   * Where the standard way reads: through vCenter, or at the ESXi host itself by tickets of vCenter, which is less work
   * for vCenter and needs port 443 of every host.
   */
  standardThrough: z.enum(['vcenter', 'host']).default('vcenter'),
});

export type DataPathSettings = z.infer<typeof dataPathSchema>;

/** Settings of the whole installation. */
export class SettingsStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  limits(): Promise<Limits> {
    return this.#read('limits', limitsSchema);
  }

  dataPath(): Promise<DataPathSettings> {
    return this.#read('dataPath', dataPathSchema);
  }

  /** What is given changes. Holds from the next group on that wants to begin, also of runs that go on. */
  changeLimits(changes: Partial<Limits>): Promise<Limits> {
    return this.#change('limits', limitsSchema, changes);
  }

  /** What is given changes. Holds for VMs that are begun to be read from now on. */
  changeDataPath(changes: Partial<DataPathSettings>): Promise<DataPathSettings> {
    return this.#change('dataPath', dataPathSchema, changes);
  }

  async #read<T>(name: string, schema: z.ZodType<T>): Promise<T> {
    const row = await this.#db
      .selectFrom('setting')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirst();
    return parseColumn(schema, row ? JSON.parse(row.value) : {}, name);
  }

  async #change<T>(name: string, schema: z.ZodType<T>, changes: Partial<T>): Promise<T> {
    const changed = schema.parse({ ...(await this.#read(name, schema)), ...changes });
    const value = JSON.stringify(changed);
    await this.#db
      .insertInto('setting')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
    return changed;
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
