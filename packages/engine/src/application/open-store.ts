import type { Clock, Randomness } from '@leeward/core';
import type { Kysely } from 'kysely';
import { createKysely, migrateToLatest } from '../database/kysely.ts';
import { loadSecretKey } from '../secrets/secret-key.ts';
import { migrations } from '../store/migrations/all.ts';
import type { StoreSchema } from '../store/schema.ts';
import { createStore, type Store } from '../store/store.ts';

export interface OpenStoreOptions {
  readonly url: string;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** Brings the tables to the newest form and opens the store. The caller destroys `db`. */
export async function openStore(
  options: OpenStoreOptions,
): Promise<{ readonly store: Store; readonly db: Kysely<StoreSchema> }> {
  const { url, dataFolder, clock, randomness } = options;
  const db = createKysely<StoreSchema>(url, { name: 'leeward' });
  await migrateToLatest(db, migrations);
  const secretKey = await loadSecretKey(dataFolder);
  return { store: await createStore({ db, secretKey, clock, randomness }), db };
}
