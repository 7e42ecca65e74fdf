import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from './testing/api-under-test.ts';

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.app.close());

const job = { id: '1', name: 'nightly', vms: ['web-01'] };

async function read(path: string, state: object, headers: Record<string, string> = {}) {
  api.answerNext(state);
  return api.app.inject({ url: `/api/v1${path}`, headers });
}

/** `state`: what is there when it is looked at before the change. */
async function change(method: 'PATCH' | 'DELETE', path: string, ifMatch: string, state: object = job) {
  api.calls.length = 0;
  api.answerNext(state);
  return api.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { 'if-match': ifMatch },
    ...(method === 'PATCH' ? { payload: { name: 'weekly' } } : {}),
  });
}

const tagOf = async (state: object, path = '/jobs/nightly') =>
  String((await read(path, state)).headers['etag']);

it('answers 304 to who has it already, and only then', async () => {
  const tag = await tagOf(job);
  expect(tag).toMatch(/^"[\w-]{22}\.[\w-]{22}"$/);
  for (const given of [tag, `"x", ${tag}`, `W/${tag}`]) {
    const again = await read('/jobs/nightly', job, { 'if-none-match': given });
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', tag]);
  }
  const changed = await read('/jobs/nightly', { ...job, vms: [] }, { 'if-none-match': tag });
  expect(changed.statusCode).toBe(200);
});

it('changes what is as it was, and refuses with 412 what somebody else has changed', async () => {
  const tag = await tagOf(job);
  for (const method of ['PATCH', 'DELETE'] as const) {
    expect((await change(method, '/jobs/nightly', tag)).statusCode).toBe(200);
    expect(api.calls.map(({ operation }) => operation)).toEqual([
      'jobs.find',
      method === 'PATCH' ? 'jobs.edit' : 'jobs.remove',
    ]);
    const refused = await change(method, '/jobs/nightly', tag, { ...job, vms: ['web-02'] });
    expect([refused.statusCode, refused.json().code]).toEqual([412, 'L-API-104']);
    expect(refused.json().what).toContain('The job "nightly"');
    expect(api.calls.map(({ operation }) => operation)).toEqual(['jobs.find']);
  }
});

it('is not disturbed by what changes by itself, though the whole is another one', async () => {
  const vcenter = { id: 'vc', name: 'vc', inventoryAt: '2026-01-01T00:00:00.000Z' };
  const later = { ...vcenter, inventoryAt: '2026-01-02T00:00:00.000Z', problem: { code: 'L-CFG-106' } };
  const tag = await tagOf(vcenter, '/vcenters/vc');
  expect((await read('/vcenters/vc', later, { 'if-none-match': tag })).statusCode).toBe(200);
  expect((await change('DELETE', '/vcenters/vc', tag, later)).statusCode).toBe(200);
});

it('takes any state where * is given, and refuses what is no ETag', async () => {
  expect((await change('DELETE', '/jobs/nightly', '*')).statusCode).toBe(200);
  const bad = await change('DELETE', '/jobs/nightly', 'nightly');
  expect([bad.statusCode, bad.json().code]).toEqual([400, 'L-API-105']);
});

it('every kind of thing that can be changed can be read alone, so that it has an ETag', async () => {
  const routes: string[] = [];
  const { app } = await apiUnderTest(({ method, url }) => routes.push(`${String(method)} ${url}`));
  await app.close();
  const changes = routes.filter((route) => /^(PATCH|PUT) /.test(route));
  expect(changes.length).toBeGreaterThan(5);
  for (const route of changes) expect(routes).toContain(route.replace(/^\w+/, 'GET'));
});
