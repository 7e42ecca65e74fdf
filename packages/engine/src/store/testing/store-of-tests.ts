import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import type { Kysely } from 'kysely';
import { openStore } from '../../application/open-store.ts';
import { openDatabase } from '../../database/open-database.ts';
import type { StoreSchema } from '../schema.ts';
import type { Store } from '../store.ts';

/** A store on a database of its own in a new folder. The caller closes it; the folder goes with it. */
export interface StoreOfTests {
  readonly store: Store;
  readonly db: Kysely<StoreSchema>;
  readonly databaseUrl: string;
  readonly folder: string;
  close(): Promise<void>;
}

export async function openStoreOfTests(): Promise<StoreOfTests> {
  const folder = await mkdtemp(join(tmpdir(), 'leeward-store-'));
  const tools = { dataFolder: folder, clock: systemClock };
  const database = await openDatabase(tools);
  const { store, db } = await openStore({ ...tools, url: database.url, randomness: systemRandomness });
  return {
    ...{ store, db, databaseUrl: database.url, folder },
    async close() {
      await db.destroy();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
