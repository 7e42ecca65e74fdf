import { LeewardError } from '@leeward/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from './testing/api-under-test.ts';
import { roleDoor } from './testing/role-door.ts';

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest(undefined, roleDoor);
});
afterEach(() => api.app.close());

const job = { name: 'nightly', vms: ['web-01'], repository: 'backups' };
const post = (path: string, payload: object | undefined, key: string, role = 'administrator') =>
  api.app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: { 'x-role': role, 'idempotency-key': key },
    ...(payload ? { payload } : {}),
  });

it('does once what is asked for twice, and answers the same, with one entry in the audit trail', async () => {
  const first = await post('/jobs', job, 'k1');
  const again = await post('/jobs', { repository: 'backups', vms: ['web-01'], name: 'nightly' }, 'k1');
  expect([again.statusCode, again.body]).toEqual([first.statusCode, first.body]);
  expect(again.headers['content-type']).toBe(first.headers['content-type']);
  expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([
    undefined,
    'true',
  ]);
  expect(api.calls.map(({ operation }) => operation)).toEqual(['jobs.create']);
  expect(api.trail.entries).toHaveLength(1);
});

it.each([
  ['/jobs', { ...job, name: 'other' }],
  ['/jobs/nightly/run', undefined],
  ['/users', { name: 'ann', role: 'viewer', password: 'p' }],
] as const)('refuses a key that was used for another request: POST %s', async (path, body) => {
  await post('/jobs', job, 'k1');
  const other = await post(path, body, 'k1');
  expect([other.statusCode, other.json().code]).toEqual([422, 'L-API-102']);
  expect(other.json().what).toContain('POST /jobs');
  expect(api.calls).toHaveLength(1);
});

it('tells a request that is still worked on', async () => {
  await post('/jobs', job, 'k1');
  for (const known of api.keys.known.values()) delete known.answer;
  const again = await post('/jobs', job, 'k1');
  expect([again.statusCode, again.json().code]).toEqual([409, 'L-API-103']);
});

it('frees the key of what failed: it did nothing, and may be repeated', async () => {
  api.failNext(new LeewardError('L-RUN-104', { job: 'nightly', run: 'r' }));
  expect((await post('/jobs/nightly/run', undefined, 'k1')).statusCode).toBe(409);
  expect((await post('/jobs/nightly/run', undefined, 'k1')).statusCode).toBe(200);
  expect(api.calls).toHaveLength(2);
});

it('keeps keys of different callers apart', async () => {
  await post('/jobs/nightly/run', undefined, 'k1', 'operator');
  await post('/jobs/nightly/run', undefined, 'k1', 'administrator');
  expect(api.calls).toHaveLength(2);
});

it('never keeps the secret of a token', async () => {
  api.answerNext({ id: 't', name: 'ci', token: 'lwt_secret' });
  expect((await post('/tokens', { name: 'ci' }, 'k1')).json()).toMatchObject({ token: 'lwt_secret' });
  const again = await post('/tokens', { name: 'ci' }, 'k1');
  expect(again.json()).toEqual({ id: 't', name: 'ci', token: '(secret)' });
  expect(JSON.stringify([...api.keys.known])).not.toContain('lwt_secret');
});

it.each(['', 'two words', 'x'.repeat(201), 'ü'])('refuses the key %j', async (key) => {
  const answer = await post('/jobs', job, key);
  expect([answer.statusCode, answer.json().code]).toEqual([400, 'L-API-105']);
});

it('has no keys for what changes nothing, and for who may not', async () => {
  await post('/jobs/nightly/plan', undefined, 'k1');
  await post('/jobs', job, 'k2', 'viewer');
  expect(api.keys.known.size).toBe(0);
});
