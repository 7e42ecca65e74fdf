import { ManualClock } from '@leeward/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IdempotencyStore } from './idempotency.ts';
import { openStoreOfTests, type StoreOfTests } from './testing/store-of-tests.ts';

const clock = new ManualClock();
let opened: StoreOfTests;
let keys: IdempotencyStore;
beforeAll(async () => {
  opened = await openStoreOfTests();
  keys = new IdempotencyStore(opened.db, Buffer.alloc(32, 7), clock);
});
afterAll(() => opened?.close());

const request = { principal: 'user ann', key: 'k1', operation: 'POST /jobs', content: '{"name":"a"}' };
const answer = { status: 200, body: '{"id":"1"}' };

it('lets one of many at once do the work, and gives its answer to the others', async () => {
  const begun = await Promise.all(Array.from({ length: 8 }, () => keys.begin(request)));
  const kinds = begun.map(({ kind }) => kind).toSorted();
  expect(kinds).toEqual(['new', ...Array<string>(7).fill('under-way')]);
  await keys.keep(request, answer);
  expect(await keys.begin(request)).toEqual({ kind: 'answered', answer });
});

it('tells another request under the same key, and keeps keys of others apart', async () => {
  expect(await keys.begin({ ...request, content: '{"name":"b"}' })).toEqual({
    kind: 'other',
    operation: 'POST /jobs',
  });
  expect(await keys.begin({ ...request, principal: 'user bob' })).toEqual({ kind: 'new' });
});

it('frees a key when nothing was done, and never one that was answered', async () => {
  await keys.release({ principal: 'user bob', key: 'k1' });
  expect(await keys.begin({ ...request, principal: 'user bob' })).toEqual({ kind: 'new' });
  await keys.release(request);
  expect(await keys.begin(request)).toEqual({ kind: 'answered', answer });
});

it('forgets after a day, and holds nothing of what was sent', async () => {
  const rows = await opened.db.selectFrom('idempotency').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain('name');
  await clock.advance(24 * 3_600_000 + 1);
  expect(await keys.begin(request)).toEqual({ kind: 'new' });
});
