import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { covers, roles } from '@leeward/core/access/role';
import type { HTTPMethods } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessTable } from './testing/access-table.ts';
import { type ApiUnderTest, apiUnderTest } from './testing/api-under-test.ts';
import { roleDoor } from './testing/role-door.ts';

/**
 * What each operation needs, written down apart from the routes: whoever changes who may do what has to change it here
 * and in docs/security.md too.
 */
const needed: Readonly<Record<string, readonly string[]>> = {
  anyone: [
    'GET /health',
    'GET /openapi.json',
    'GET /ready',
    'GET /sign-in-ways',
    'POST /session',
    'POST /session/provider',
    'POST /session/provider/begin',
    'POST /setup',
  ],
  operator: [
    'POST /arrays/:id/rescan',
    'POST /arrays/:id/test',
    'POST /jobs/:id/chains',
    'POST /jobs/:id/chains/adopt',
    'POST /jobs/:id/disable',
    'POST /jobs/:id/enable',
    'POST /jobs/:id/run',
    'POST /orphans/clean',
    'POST /proxies/:id/probe',
    'POST /repositories/:id/check',
    'POST /repositories/:id/rescan',
    'POST /runs/:id/cancel',
    'POST /runs/:id/retry',
    'POST /vcenters/:id/rescan',
  ],
  'restore-operator': ['POST /restores'],
  administrator: [
    'DELETE /arrays/:id',
    'DELETE /jobs/:id',
    'DELETE /jobs/:id/chains/:name',
    'DELETE /oidc',
    'DELETE /proxies/:id',
    'DELETE /notification-channels/:id',
    'DELETE /users/:id',
    'DELETE /vcenters/:id',
    'GET /audit',
    'GET /oidc',
    'GET /config',
    'GET /support-bundle',
    'POST /config/plan',
    'POST /server/backup',
    'GET /notification-channels',
    'GET /notification-channels/:id',
    'GET /notification-deliveries',
    'GET /users',
    'GET /users/:id',
    'PATCH /arrays/:id',
    'PATCH /jobs/:id',
    'PATCH /notification-channels/:id',
    'PATCH /oidc',
    'PATCH /proxies/:id',
    'DELETE /repositories/:id',
    'PATCH /repositories/:id',
    'PATCH /settings',
    'PATCH /users/:id',
    'PATCH /vcenters/:id',
    'POST /arrays',
    'POST /jobs',
    'POST /oidc/test',
    'POST /plan',
    'POST /notification-channels',
    'POST /notification-channels/:id/test',
    'POST /repositories',
    'POST /repositories/:id/repair',
    'POST /users',
    'POST /vcenters',
  ],
};

/** Of any role: what does not read, and is all the same for everybody who is signed in. */
const forAll = [
  'DELETE /session',
  'DELETE /tokens/:id',
  'POST /jobs/:id/explain',
  'POST /jobs/:id/plan',
  'POST /schedules/preview',
  'POST /session/password',
  'POST /tokens',
];

const changesNothing = [
  'POST /arrays/:id/test',
  'POST /config/plan',
  'POST /jobs/:id/explain',
  'POST /jobs/:id/plan',
  'POST /oidc/test',
  'POST /plan',
  'POST /repositories/:id/check',
  'POST /schedules/preview',
];

/** A stream that would be followed for minutes. */
const endless = 'GET /events';

const operations: { readonly route: string; readonly access: string }[] = [];
let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest(({ method, url, config }) => {
    if (method === 'HEAD') return;
    operations.push({
      route: `${String(method)} ${url.replace(/^\/api\/v1/, '')}`,
      access: String(config?.access),
    });
  }, roleDoor);
});
afterAll(() => api.app.close());

async function call(route: string, role?: string) {
  const [method, path = ''] = route.split(' ');
  const answer = await api.app.inject({
    method: method as HTTPMethods & 'GET',
    url: `/api/v1${path.replace(/:\w+/g, 'x')}`,
    headers: role === undefined ? {} : { 'x-role': role },
  });
  const { code } = answer.headers['content-type']?.toString().includes('json') ? answer.json() : {};
  return { status: answer.statusCode, code: code as string | undefined };
}

describe('who may do what', () => {
  it('is as written down', () => {
    const listed = Object.values(needed).flat();
    expect(operations.length).toBeGreaterThan(50);
    for (const { route, access } of operations) {
      const [wanted = 'viewer'] = Object.entries(needed).find(([, list]) => list.includes(route)) ?? [];
      expect([route, access]).toEqual([route, wanted]);
      if (wanted === 'viewer') expect(route.startsWith('GET ') || forAll.includes(route), route).toBe(true);
    }
    const routes = operations.map(({ route }) => route);
    expect([...listed, ...forAll, ...changesNothing].filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('nobody gets 401, others 403 unless their role allows it, and the handler is not reached', async () => {
    for (const { route, access } of operations) {
      const isOpen = access === 'anyone';
      const nobody = await call(route);
      if (isOpen) expect([route, [401, 403].includes(nobody.status)]).toEqual([route, false]);
      else expect([route, nobody.status, nobody.code]).toEqual([route, 401, 'L-AUT-101']);
      for (const role of roles) {
        api.calls.length = 0;
        const mayCall = isOpen || covers(role, access as (typeof roles)[number]);
        if (mayCall && route === endless) continue;
        const { status, code } = await call(route, role);
        expect([route, role, code === 'L-AUT-102']).toEqual([route, role, !mayCall]);
        if (!mayCall) expect([route, role, status, api.calls]).toEqual([route, role, 403, []]);
        else expect([route, role, [401, 403].includes(status)]).toEqual([route, role, false]);
      }
    }
  });

  it('a token for reading can only ask for what changes nothing', async () => {
    const asked = operations.filter((each) => each.access !== 'anyone' && each.route !== endless);
    for (const { route, access } of asked) {
      const { code } = await call(route, 'administrator readonly');
      const reads = route.startsWith('GET ') || changesNothing.includes(route);
      expect([route, access, code === 'L-AUT-110']).toEqual([route, access, !reads]);
    }
  });

  it('stands in docs/security.md', () => {
    const path = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'security.md');
    expect(readFileSync(path, 'utf8')).toContain(accessTable(operations));
  });
});

it('a route that does not say who may call it cannot be added', async () => {
  const { app, ...other } = await apiUnderTest(undefined, roleDoor);
  expect(other.calls).toEqual([]);
  await app.close();
  const { guard } = await import('./guard.ts');
  const { default: Fastify } = await import('fastify');
  const bare = Fastify();
  guard(bare, roleDoor);
  expect(() => bare.get('/open', () => 'x')).toThrow(/GET \/open does not say who may call it/);
  await bare.close();
});
