import { covers, type Role, roles } from '@leeward/core/access/role';
import { ScopeService } from '@leeward/engine/services/scope-service';
import type { HTTPMethods } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scopeRules } from './scope-rules.ts';
import { type ApiUnderTest, apiUnderTest } from './testing/api-under-test.ts';
import { roleDoor } from './testing/role-door.ts';
import { scopedStore } from './testing/scoped-store.ts';

/**
 * What is refused to callers who are limited to jobs, whatever their role allows, written down apart from the rules: a new
 * operation belongs either here or there.
 */
const refused = [
  'GET /arrays',
  'GET /arrays/:id',
  'GET /arrays/:id/inventory',
  'GET /metrics',
  'GET /proxies/:id',
  'GET /orphans',
  'GET /repositories/:id',
  'GET /repositories/usage',
  'GET /server/backup',
  'GET /settings',
  'GET /vcenters',
  'GET /vcenters/:id',
  'GET /vcenters/:id/inventory',
  'POST /arrays/:id/rescan',
  'POST /arrays/:id/test',
  'POST /jobs/:id/chains/adopt',
  'POST /orphans/clean',
  'POST /proxies/:id/probe',
  'POST /repositories/:id/check',
  'POST /repositories/:id/rescan',
  'POST /vcenters/:id/rescan',
];

const bodies: Readonly<Record<string, object>> = {
  'POST /jobs/:id/explain': { vm: 'web-01' },
  'POST /restores': { point: '20261126-mine', toFolder: '/r' },
  'POST /tokens': { name: 't' },
  'POST /session/password': { password: 'p', newPassword: 'q' },
  'POST /schedules/preview': { cron: '0 22 * * *' },
};

const operations: { readonly route: string; readonly access: string }[] = [];
let api: ApiUnderTest;
beforeAll(async () => {
  const scopes = new ScopeService({ store: scopedStore });
  api = await apiUnderTest(
    ({ method, url, config }) => {
      if (method === 'HEAD') return;
      const route = `${String(method)} ${url.replace(/^\/api\/v1/, '')}`;
      operations.push({ route, access: String(config?.access) });
    },
    roleDoor,
    { scopes },
  );
});
afterAll(() => api.app.close());
beforeEach(() => {
  api.calls.length = 0;
  api.trail.entries.length = 0;
});

/** A stream that would be followed for minutes. */
const endless = 'GET /events';

/** Those that somebody with a scope can get to at all: administrators have none. */
const reached = () => operations.filter(({ access }) => access !== 'anyone' && access !== 'administrator');

/** The least role that may call it. */
const roleFor = (access: string) => roles.find((role) => covers(role, access as Role)) ?? 'viewer';

async function call({ route, access }: { route: string; access: string }, id: string, body?: object) {
  const [method, path = ''] = route.split(' ');
  const payload = body ?? bodies[route];
  const answer = await api.app.inject({
    method: method as HTTPMethods & 'GET',
    url: `/api/v1${path.replace(':id', id)}`,
    headers: { 'x-role': roleFor(access), 'x-jobs': 'mine-*' },
    ...(payload ? { payload } : {}),
  });
  return { status: answer.statusCode, answer: answer.json() };
}

const words = {
  job: { mine: 'mine-web', id: 'j-mine', other: 'other-web' },
  run: { mine: '20261126', id: '20261126-mine', other: '20261126-other' },
  point: { mine: '20261126', id: '20261126-mine', other: '20261126-other' },
} as const;

describe('callers who are limited to jobs', () => {
  it('of every operation it is said what it has to do with jobs, or it is refused', () => {
    const routes = reached().map(({ route }) => route);
    expect(routes.length).toBeGreaterThan(35);
    expect(routes.filter((route) => !(route in scopeRules) && !refused.includes(route))).toEqual([]);
    expect([...Object.keys(scopeRules), ...refused].filter((route) => !routes.includes(route))).toEqual([]);
    expect(refused.filter((route) => route in scopeRules)).toEqual([]);
  });

  it('are refused what is of no job, and it is written down', async () => {
    for (const operation of reached().filter(({ route }) => refused.includes(route))) {
      api.calls.length = api.trail.entries.length = 0;
      const { status, answer } = await call(operation, 'x');
      expect([operation.route, status, answer.code]).toEqual([operation.route, 403, 'L-AUT-111']);
      expect([operation.route, api.calls]).toEqual([operation.route, []]);
      const [entry] = api.trail.entries;
      expect([operation.route, entry?.outcome, entry?.code]).toEqual([
        operation.route,
        'refused',
        'L-AUT-111',
      ]);
    }
  });

  it('do with what is of their jobs what their role allows, found among what they see', async () => {
    for (const operation of reached()) {
      const { id: kind, see } = scopeRules[operation.route] ?? {};
      if (kind === undefined || see) continue;
      api.calls.length = 0;
      const { status } = await call(operation, words[kind].mine);
      expect([operation.route, status]).toEqual([operation.route, 200]);
      expect([operation.route, api.calls[0]?.input[0]]).toEqual([operation.route, words[kind].id]);
    }
  });

  it('are shown runs without what is of other runs', async () => {
    for (const route of ['GET /runs/:id', 'GET /runs/:id/report']) {
      api.calls.length = 0;
      await call({ route, access: 'viewer' }, '20261126');
      expect([route, api.calls[0]?.input]).toEqual([route, ['20261126-mine', true]]);
    }
  });

  it('are shown plans, and what is done by them, without volumes that are only frozen along', async () => {
    const mine = 'mine-web';
    const wanted: Readonly<Record<string, readonly unknown[]>> = {
      'POST /jobs/:id/plan': ['j-mine', true],
      'POST /jobs/:id/explain': ['j-mine', 'web-01', true],
      'POST /jobs/:id/chains': ['j-mine', true],
      'GET /jobs/:id/chains': ['j-mine', true],
      'GET /chains': [{}, true],
      'POST /runs/:id/cancel': ['20261126-mine', true],
      'POST /jobs/:id/run': ['j-mine', expect.objectContaining({ scopes: [{ jobs: ['mine-*'] }] })],
      'POST /runs/:id/retry': ['20261126-mine', expect.objectContaining({ scopes: [{ jobs: ['mine-*'] }] })],
    };
    for (const operation of reached().filter(({ route }) => route in wanted)) {
      api.calls.length = 0;
      await call(operation, operation.route.includes('/runs/') ? '20261126' : mine);
      expect([operation.route, api.calls[0]?.input]).toEqual([operation.route, wanted[operation.route]]);
    }
  });

  it('do not find what is of other jobs; the trail tells why, the answer does not', async () => {
    for (const operation of reached()) {
      const { id: kind } = scopeRules[operation.route] ?? {};
      if (kind === undefined) continue;
      for (const wanted of [words[kind].other, 'there-is-none']) {
        api.calls.length = api.trail.entries.length = 0;
        const { status, answer } = await call(operation, wanted);
        expect([operation.route, status, answer]).toEqual([
          operation.route,
          404,
          expect.objectContaining({ code: 'L-CFG-102', details: { kind, name: wanted } }),
        ]);
        expect([operation.route, api.calls]).toEqual([operation.route, []]);
        const [entry] = api.trail.entries;
        const code = wanted === 'there-is-none' ? 'L-CFG-102' : 'L-AUT-111';
        expect([operation.route, entry?.outcome, entry?.code]).toEqual([operation.route, 'refused', code]);
      }
    }
  });

  it('are given lists of their jobs only', async () => {
    for (const path of ['/runs', '/points', '/vms']) {
      await call({ route: `GET ${path}`, access: 'viewer' }, '');
      expect(api.calls.at(-1)?.input[0]).toMatchObject({ jobIds: ['j-mine'] });
      const asked = await call({ route: `GET ${path}?job=other-web`, access: 'viewer' }, '');
      expect(asked.status).toBe(404);
    }
  });

  it('are answered over their jobs only where it is about all', async () => {
    const all = Object.entries(scopeRules).filter(([, { asked }]) => asked);
    const ids = ['j-mine'];
    const wanted: Readonly<Record<string, readonly unknown[]>> = {
      'GET /topology': [{ jobIds: ids }, {}],
      'GET /topology/relations': [{ jobIds: ids }],
      'GET /reports/daily': [undefined, ids],
      'GET /reports/protection': [ids],
    };
    expect(all.map(([route]) => route).toSorted()).toEqual(Object.keys(wanted).toSorted());
    for (const [route] of all) {
      api.calls.length = 0;
      const { status } = await call({ route, access: 'viewer' }, '');
      expect([route, status]).toEqual([route, 200]);
      expect([route, api.calls[0]?.input]).toEqual([route, wanted[route]]);
    }
  });

  it('restore their points, also the newest of a VM, and no others', async () => {
    const operation = { route: 'POST /restores', access: 'restore-operator' };
    for (const body of [{ point: '20261126' }, { vm: 'web-01' }]) {
      expect((await call(operation, '', { ...body, toFolder: '/r' })).status).toBe(200);
      expect(api.calls.at(-1)?.input[0]).toMatchObject({ point: '20261126-mine' });
    }
    api.calls.length = 0;
    expect((await call(operation, '', { point: '20261126-other', toFolder: '/r' })).status).toBe(404);
    expect(api.calls).toEqual([]);
  });

  it('do what is theirs alone, like everybody', async () => {
    const all = Object.entries(scopeRules).filter(([, rule]) => Object.keys(rule).length === 0);
    for (const [route] of all.filter(([each]) => each !== endless)) {
      const { status } = await call({ route, access: 'viewer' }, 'x');
      // The caller is a token, and has no password.
      expect([route, status]).toEqual([route, route === 'POST /session/password' ? 400 : 200]);
    }
  });
});

describe('lists as they are answered', () => {
  const entries = [
    { id: 'j-mine', jobId: 'j-mine', repositoryId: 'r-mine', reach: ['p1'] },
    { id: 'j-other', jobId: 'j-other', repositoryId: 'r-other', reach: ['p2'] },
    { id: 'r-mine', reach: [] },
  ];

  it('hold what is of visible jobs', async () => {
    const scopes = new ScopeService({ store: scopedStore });
    const visible = await scopes.visible([{ jobs: ['mine-*'] }]);
    for (const [route, { see }] of Object.entries(scopeRules)) {
      if (!see) continue;
      const seen = entries.flatMap((entry) => see(entry, visible) ?? []);
      const wanted: Readonly<Record<string, object[]>> = {
        'GET /repositories': [entries[2] ?? {}],
        'GET /proxies': entries.map((entry) => ({ ...entry, reach: [] })),
        'GET /vms': entries.map((entry) => ({ ...entry, jobs: [] })),
      };
      expect([route, seen]).toEqual([route, wanted[route] ?? [entries[0]]]);
    }
  });

  it('an answer that is no list is kept back', async () => {
    const { status, answer } = await call({ route: 'GET /jobs', access: 'viewer' }, '');
    expect([status, answer.code]).toEqual([500, 'L-RUN-103']);
  });
});
