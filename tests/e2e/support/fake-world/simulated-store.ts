import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@leeward/engine/application/open-store';
import { createKysely, createPool } from '@leeward/engine/database/kysely';
import { openDatabase } from '@leeward/engine/database/open-database';
import type { SimulatedProcess } from '@leeward/engine/flow/memory/simulation';
import { loadSecretKey } from '@leeward/engine/secrets/secret-key';
import type { StoreSchema } from '@leeward/engine/store/schema';
import { createStore, type Store } from '@leeward/engine/store/store';
import { systemClock, systemRandomness } from '@leeward/platform';
import { Kysely, PostgresDialect, sql } from 'kysely';

/** The real store on a real PostgreSQL, below flows whose clock is virtual. */
export interface SimulatedStore {
  readonly store: Store;
  /** The store as a process sees it that may die before and after each call. */
  seenBy(process: SimulatedProcess): Store;
  /** Waits until the database has answered everything that was asked. */
  idle(): Promise<void>;
  empty(): Promise<void>;
  close(): Promise<void>;
}

type Parts = Omit<Store, 'installationId'>;

/** Several on one PostgreSQL, each with a database of its own, so that seeds can be simulated side by side. */
export async function openSimulatedStores(count: number): Promise<SimulatedStores> {
  const folder = await mkdtemp(join(tmpdir(), 'leeward-sim-'));
  const database = await openDatabase({ dataFolder: folder, clock: systemClock });
  const admin = createKysely<unknown>(database.url, { name: 'simulation' });
  const stores: SimulatedStore[] = [];
  for (let at = 0; at < count; at++) {
    await sql.raw(`create database simulated_${at}`).execute(admin);
    const url = new URL(database.url);
    url.pathname = `/simulated_${at}`;
    stores.push(await openSimulatedStore(url, folder));
  }
  return {
    stores,
    async close() {
      for (const store of stores) await store.close();
      await admin.destroy();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface SimulatedStores {
  readonly stores: readonly SimulatedStore[];
  close(): Promise<void>;
}

async function openSimulatedStore(url: URL, folder: string): Promise<SimulatedStore> {
  // Nothing here survives anyway.
  url.searchParams.set('options', '-c synchronous_commit=off');
  const options = { url: url.href, dataFolder: folder, clock: systemClock, randomness: systemRandomness };
  const migrated = await openStore(options);
  await migrated.db.destroy();
  const pool = createPool(url.href);
  const db = new Kysely<StoreSchema>({ dialect: new PostgresDialect({ pool }) });
  const store = await createStore({ ...options, db, secretKey: await loadSecretKey(folder) });
  const { installationId, ...parts } = store;
  return {
    store,
    seenBy: (process) => {
      const linked = Object.entries(parts).map(([name, part]) => [name, process.link(part)]);
      return { installationId, ...(Object.fromEntries(linked) as Parts) };
    },
    async idle() {
      // Callbacks of answers come first; they may ask again. A query, and a transaction as a whole, has a connection.
      do await new Promise((resolve) => setImmediate(resolve));
      while (pool.waitingCount > 0 || pool.idleCount < pool.totalCount);
    },
    async empty() {
      const tables = 'run, ledger, point, job, system, proxy, repository, secret';
      await sql.raw(`truncate ${tables} cascade`).execute(db);
    },
    async close() {
      await db.destroy();
    },
  };
}
