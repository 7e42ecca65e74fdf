import { type Clock, LeewardError, type Randomness } from '@leeward/core';
import type { Kysely } from 'kysely';
import { createKysely, hasMigrations, migrateToLatest } from '../database/kysely.ts';
import type { FlowLog } from '../flow/flow-log.ts';
import { unseal } from '../secrets/seal.ts';
import { loadSecretKey } from '../secrets/secret-key.ts';
import { nameOfSource, type SecretKeySource } from '../secrets/secret-key-source.ts';
import { migrations } from '../store/migrations/all.ts';
import type { StoreSchema } from '../store/schema.ts';
import { createStore, type Store } from '../store/store.ts';

export interface OpenStoreOptions {
  readonly url: string;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log?: FlowLog | undefined;
  /** Default: the key of the data folder. */
  readonly secretKey?: SecretKeySource | undefined;
  /** Tables are not changed; those that are not of this version of Leeward are refused with `L-CFG-213`. */
  readonly asItIs?: boolean | undefined;
}

/**
 * Brings the tables to the newest form and opens the store. The caller destroys `db`. Throws `L-AUT-131` where a key that
 * was given is another one than the stored passwords are sealed with.
 */
export async function openStore(
  options: OpenStoreOptions,
): Promise<{ readonly store: Store; readonly db: Kysely<StoreSchema> }> {
  const { url, dataFolder, clock, randomness, log } = options;
  const db = createKysely<StoreSchema>(url, { name: 'leeward' });
  try {
    if (options.asItIs !== true) await migrateToLatest(db, migrations);
    else if (!(await hasMigrations(db, migrations))) throw new LeewardError('L-CFG-213');
    const secretKey = await loadSecretKey(dataFolder, options.secretKey);
    if (options.secretKey) await requireFittingKey(db, secretKey, options.secretKey);
    return { store: await createStore({ db, secretKey, clock, randomness, log }), db };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

async function requireFittingKey(
  db: Kysely<StoreSchema>,
  key: Buffer,
  source: SecretKeySource,
): Promise<void> {
  if (Object.values(source).every((each) => each === undefined)) return;
  const secret = await db.selectFrom('secret').selectAll().limit(1).executeTakeFirst();
  try {
    if (secret) unseal(key, secret.id, secret.sealed);
  } catch (error) {
    throw new LeewardError('L-AUT-131', { source: nameOfSource(source) }, error);
  }
}
