import { systemClock, systemRandomness } from '@leeward/platform';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { SignInStore } from './sign-ins.ts';
import { createStore } from './store.ts';
import { openStoreOfTests, type StoreOfTests } from './testing/store-of-tests.ts';

const nowMs = Date.parse('2026-11-26T12:00:00Z');
const validMs = 600_000;
const pending = (state: string) => ({
  state,
  nonce: 'nonce-Zq9',
  verifier: 'verifier-Zq9',
  redirectUri: 'https://x/sign-in/provider',
});

let opened: StoreOfTests;
beforeAll(async () => {
  opened = await openStoreOfTests();
});
afterAll(() => opened?.close());
beforeEach(() => sql`truncate sign_in`.execute(opened.db));

const rows = async () => (await opened.db.selectFrom('sign_in').selectAll().execute()).length;

it('a sign-in is finished once, within ten minutes, also by another server than the one that began it', async () => {
  const secretKey = Buffer.alloc(32, 7);
  const server = () =>
    createStore({ db: opened.db, secretKey, clock: systemClock, randomness: systemRandomness });
  const [one, other] = [(await server()).signIns, (await server()).signIns];
  await one.add('a', '10.0.0.1', pending('1'), nowMs);
  await one.add('b', '10.0.0.1', pending('2'), nowMs);
  expect(await other.take('c', nowMs)).toBeUndefined();
  const both = await Promise.all([one.take('a', nowMs), other.take('a', nowMs)]);
  expect(both.filter((each) => each !== undefined)).toEqual([pending('1')]);
  expect(await other.take('b', nowMs + validMs)).toBeUndefined();
  expect(await rows()).toBe(0);
});

it('what was begun is sealed, and bound to who began it', async () => {
  const signIns = new SignInStore(opened.db, Buffer.alloc(32, 1));
  await signIns.add('a', '10.0.0.1', pending('state-Zq9'), nowMs);
  const { rows: dumped } = await sql<{ line: string }>`
    select row_to_json(sign_in)::text || encode(sealed, 'escape') as line from sign_in`.execute(opened.db);
  expect(dumped[0]?.line).not.toContain('Zq9');
  await sql`update sign_in set hash = 'b'`.execute(opened.db);
  await expect(signIns.take('b', nowMs)).rejects.toThrow(/L-CFG-113/);
});

it('what is over goes, and who begins many has to wait, while others do not', async () => {
  const { signIns } = opened.store;
  await signIns.add('old', '10.0.0.1', pending('0'), nowMs - validMs);
  await signIns.requireRoom('10.0.0.1', nowMs);
  expect(await rows()).toBe(0);
  for (let n = 0; n < 200; n++) await signIns.add(`s${n}`, '10.0.0.2', pending(`${n}`), nowMs + n);
  const refused = { code: 'L-AUT-104', details: { seconds: 599 } };
  await expect(signIns.requireRoom('10.0.0.2', nowMs + 1_000)).rejects.toMatchObject(refused);
  await signIns.requireRoom('10.0.0.1', nowMs + 1_000);
  expect(await signIns.take('s7', nowMs + 1_000)).toMatchObject({ state: '7' });
  await signIns.requireRoom('10.0.0.2', nowMs + 1_000);
});

it('no more than so many are kept of all, the newest', async () => {
  const { signIns } = opened.store;
  await sql`insert into sign_in (hash, network, sealed, created_at, expires_at)
    select 'h' || n, 'n' || n, '', ${new Date(nowMs)}::timestamptz + n * interval '1 ms', ${new Date(nowMs + validMs)}
    from generate_series(1, 2000) as n`.execute(opened.db);
  await signIns.add('newest', '10.0.0.1', pending('1'), nowMs + 5_000);
  expect(await rows()).toBe(2_000);
  expect(await signIns.take('h1', nowMs)).toBeUndefined();
  expect(await signIns.take('newest', nowMs)).toMatchObject({ state: '1' });
});
