import type { Randomness } from '@leeward/core';
import type { Kysely } from 'kysely';
import type { StoreSchema } from './schema.ts';

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
