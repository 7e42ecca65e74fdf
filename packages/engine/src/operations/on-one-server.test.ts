import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKysely } from '../database/kysely.ts';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { onOneServer } from './on-one-server.ts';

let opened: StoreOfTests;
let one: Kysely<object>;
let other: Kysely<object>;
beforeAll(async () => {
  opened = await openStoreOfTests();
  [one, other] = [createKysely<object>(opened.databaseUrl), createKysely<object>(opened.databaseUrl)];
});
afterAll(async () => {
  await Promise.all([one?.destroy(), other?.destroy()]);
  await opened?.close();
});

it('is done by one server of several, and by the next when that is over, well or not', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const first = onOneServer(one, 'task', () => {
    begin();
    return promise;
  });
  await begun;
  const done: string[] = [];
  const work = (name: string) => async () => void done.push(name);
  expect(await onOneServer(other, 'task', work('while it is done'))).toBe(false);
  expect(await onOneServer(one, 'task', work('by the same server again'))).toBe(false);
  expect(await onOneServer(other, 'another task', work('another'))).toBe(true);
  resolve();
  expect(await first).toBe(true);
  await expect(onOneServer(other, 'task', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await onOneServer(one, 'task', work('then'))).toBe(true);
  expect(done).toEqual(['another', 'then']);
});

it('is free again when the server that was at it is gone', async () => {
  const gone = createKysely<object>(opened.databaseUrl);
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const stuck = onOneServer(gone, 'task', () => {
    begin();
    return new Promise(() => undefined);
  }).catch(() => undefined);
  await begun;
  await sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`.execute(opened.db);
  await expect.poll(() => onOneServer(other, 'task', async () => undefined)).toBe(true);
  void stuck;
}, 30_000);
