import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@leeward/platform';
import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EmbeddedPostgres } from './embedded-postgres.ts';
import { createKysely, migrateToLatest } from './kysely.ts';

interface Tables {
  'lab.thing': { id: number; size_bytes: number };
}

let folder: string;
let postgres: EmbeddedPostgres;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-db-'));
  postgres = await EmbeddedPostgres.start({ dataFolder: folder, clock: systemClock });
});
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const first = {
  async up(db: Kysely<unknown>) {
    await sql`create table lab.thing (id int primary key, size_bytes bigint not null)`.execute(db);
  },
};
const broken = {
  async up(db: Kysely<unknown>) {
    await sql`create table lab.other (id int)`.execute(db);
    await sql`select from nowhere`.execute(db);
  },
};

test('many processes may migrate at once; a failed change leaves nothing; 64-bit integers are numbers', async () => {
  const pools = Array.from({ length: 4 }, () => createKysely<Tables>(postgres.url, { maxConnections: 2 }));
  const [db] = pools;
  if (!db) throw new Error('no pool');
  try {
    await Promise.all(pools.map((pool) => migrateToLatest(pool, { '1-first': first }, 'lab')));
    await db
      .insertInto('lab.thing')
      .values({ id: 1, size_bytes: 2 ** 45 })
      .execute();
    expect(await db.selectFrom('lab.thing').selectAll().execute()).toEqual([{ id: 1, size_bytes: 2 ** 45 }]);
    const failing = migrateToLatest(db, { '1-first': first, '2-broken': broken }, 'lab');
    await expect(failing).rejects.toMatchObject({ code: 'L-CFG-209' });
    const other = await sql`select to_regclass('lab.other') as name`.execute(db);
    expect(other.rows).toEqual([{ name: null }]);
  } finally {
    for (const pool of pools) await pool.destroy();
  }
});

test('lists of texts come as they were written, whatever is in them', async () => {
  const db = createKysely<Tables>(postgres.url);
  try {
    const hard = fc.oneof(
      fc.constantFrom('', 'NULL', 'null', 'NULLs', '{}', '{a,b}', 'a b', '"', '\\', "'", '[0:1]={a}', 'a,b'),
      fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
      fc.stringMatching(/^[\w-]+$/),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(hard), async (texts) => {
        const { rows } = await sql`select ${texts}::text[] as texts`.execute(db);
        expect(rows).toEqual([{ texts }]);
      }),
    );
    const { rows } =
      await sql`select array['a', null] as missing, array[array['a'], array['b']] as nested`.execute(db);
    expect(rows).toEqual([{ missing: ['a', null], nested: [['a'], ['b']] }]);
  } finally {
    await db.destroy();
  }
});

test('a pool outlives a restart of PostgreSQL', async () => {
  const lost: string[] = [];
  let failedQueries = 0;
  const db = createKysely<Tables>(postgres.url, { onConnectionLost: (error) => lost.push(error.message) });
  try {
    await sql`select 1`.execute(db);
    process.kill(postgres.pid ?? 0, 'SIGKILL');
    // Whoever is first notices the loss: the pool at its resting connection, or a query.
    await expect
      .poll(
        async () => {
          const isUp = await sql`select 1`.execute(db).then(
            () => true,
            () => false,
          );
          if (!isUp) failedQueries++;
          return isUp && lost.length + failedQueries > 0;
        },
        { timeout: 20_000, interval: 50 },
      )
      .toBe(true);
  } finally {
    await db.destroy();
  }
});
