import { LeewardError } from '@leeward/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from './testing/api-under-test.ts';
import { roleDoor } from './testing/role-door.ts';

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest(undefined, roleDoor);
});
afterEach(() => api.app.close());

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
const send = (method: Method, path: string, payload?: object, role = 'administrator') =>
  api.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: role === '' ? {} : { 'x-role': role },
    ...(payload ? { payload } : {}),
  });

describe('the audit trail', () => {
  it('has an entry for every operation that is a change, made before it, and none for others', async () => {
    const routes: string[] = [];
    const seen = await apiUnderTest(({ method, url, config }) => {
      if (method !== 'HEAD' && method !== 'GET' && config?.changes === true)
        routes.push(`${String(method)} ${url.replace('/api/v1', '')}`);
    }, roleDoor);
    await seen.app.close();
    expect(routes.length).toBeGreaterThan(25);
    for (const route of routes) {
      const [method, path = ''] = route.split(' ');
      await send(method as Method, path.replace(/:\w+/g, 'x'), bodies[route]);
      const entry = api.trail.entries.at(-1);
      expect([route, entry?.operation, entry?.outcome, entry?.address]).toEqual([
        route,
        route,
        // The caller is a token, and has none.
        route === 'POST /session/password' ? 'refused' : 'done',
        '10.0.0.1',
      ]);
      expect([route, api.trail.entries.length]).toEqual([route, routes.indexOf(route) + 1]);
    }
    await send('GET', '/jobs');
    await send('POST', '/jobs/j/plan');
    expect(api.trail.entries).toHaveLength(routes.length);
  });

  it('no change is made where no entry can be', async () => {
    api.trail.failure = new LeewardError('L-CFG-203', { host: 'db', reason: 'gone' });
    const answer = await send('POST', '/jobs/nightly/run');
    expect([answer.statusCode, answer.json().code]).toEqual([502, 'L-CFG-203']);
    expect(api.calls).toEqual([]);
  });

  it('holds how it was and is, and of secrets only that they were given', async () => {
    api.trail.known.set('vcenter vc', { id: 'vc-1', name: 'vc', host: 'old', password: 'leaked?' });
    await send('PATCH', '/vcenters/vc', { password: 'hunter2', host: 'new' });
    expect(api.trail.entries).toEqual([
      {
        caller: { kind: 'token', name: 'a administrator' },
        address: '10.0.0.1',
        operation: 'PATCH /vcenters/:id',
        kind: 'vcenter',
        object: 'vc',
        fields: ['host', 'password'],
        before: { id: 'vc-1', name: 'vc', host: 'old', password: '(secret)' },
        after: { operation: 'systems.edit' },
        outcome: 'done',
        code: undefined,
      },
    ]);
    expect(JSON.stringify(api.trail.entries)).not.toContain('hunter2');
  });

  it('has what was refused and what failed too, with the code', async () => {
    await send('POST', '/jobs/nightly/run', undefined, 'viewer');
    await send('GET', '/users', undefined, 'operator');
    await send('POST', '/jobs', { name: 'x' });
    api.failNext(new LeewardError('L-RUN-104', { job: 'nightly', run: 'r' }));
    await send('POST', '/jobs/nightly/run');
    api.failNext(new Error('boom'));
    await send('DELETE', '/jobs/nightly');
    expect(api.trail.entries.map(({ operation, outcome, code }) => [operation, outcome, code])).toEqual([
      ['POST /jobs/:id/run', 'refused', 'L-AUT-102'],
      ['GET /users', 'refused', 'L-AUT-102'],
      ['POST /jobs', 'refused', 'L-CFG-103'],
      ['POST /jobs/:id/run', 'refused', 'L-RUN-104'],
      ['DELETE /jobs/:id', 'failed', 'L-RUN-103'],
    ]);
  });

  it('names who signs in, and never what was typed instead of a name', async () => {
    api.trail.known.set('user ann', { id: '1', name: 'ann' });
    api.failNext(new LeewardError('L-AUT-103'));
    await send('POST', '/session', { username: 'ann', password: 'wrong' }, '');
    api.failNext(new LeewardError('L-AUT-103'));
    await send('POST', '/session', { username: 'my-Passw0rd', password: 'oops' }, '');
    const entries = api.trail.entries.map(({ caller, object, code }) => [caller.kind, object, code]);
    expect(entries).toEqual([
      ['nobody', 'ann', 'L-AUT-103'],
      ['nobody', '(no such user)', 'L-AUT-103'],
    ]);
  });

  it('has no more than so many a minute of callers that nobody knows, but what they achieved', async () => {
    for (let time = 0; time < 150; time++) await send('POST', '/jobs/nightly/run', undefined, '');
    expect(api.trail.entries).toHaveLength(120);
    await send('POST', '/session', { username: 'ann', password: 'right' }, '');
    expect(api.trail.entries).toHaveLength(121);
  });

  it('cuts states short that are too long', async () => {
    api.trail.known.set('job big', { name: 'big', vms: Array.from({ length: 9_000 }, () => 'web-01') });
    await send('DELETE', '/jobs/big');
    expect(api.trail.entries[0]?.before).toEqual({ leftOut: expect.stringMatching(/^\d+ characters$/) });
  });
});

const system = { name: 'a', host: 'h', username: 'u', password: 'p' };

/** Valid inputs of those that take one. */
const bodies: Readonly<Record<string, object>> = {
  'POST /vcenters': system,
  'PATCH /vcenters/:id': { port: 1 },
  'POST /arrays': { ...system, family: 'ontap' },
  'PATCH /arrays/:id': { port: 1 },
  'PATCH /proxies/:id': { restoreFolders: null },
  'POST /repositories': { name: 'b', path: '/b', password: 'p' },
  'PATCH /repositories/:id': { path: '/b' },
  'POST /repositories/:id/repair': {},
  'POST /jobs': { name: 'j', vms: ['v'], repository: 'b' },
  'PATCH /jobs/:id': { name: 'k' },
  'POST /notification-channels': {
    name: 'ops',
    target: { kind: 'syslog', host: 'log.example.org' },
  },
  'PATCH /notification-channels/:id': { enabled: false },
  'POST /server/backup': {},
  'POST /restores': { vm: 'v', toFolder: '/r' },
  'PATCH /settings': {},
  'POST /session': { username: 'ann', password: 'p' },
  'POST /session/provider': { answer: '?code=x' },
  'PATCH /oidc': {},
  'POST /session/password': { password: 'p', newPassword: 'q' },
  'POST /setup': { secret: 's', username: 'ann', password: 'p' },
  'POST /users': { name: 'ann', role: 'viewer', password: 'p' },
  'PATCH /users/:id': { role: 'viewer' },
  'POST /tokens': { name: 't' },
};
