import { isErrorCode, LeewardError } from '@leeward/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from './testing/api-under-test.ts';

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.app.close());

const system = { name: 'a', host: 'h', username: 'u', password: 'p' };
const array = { ...system, family: 'ontap' };
const job = { name: 'nightly', vms: ['web-01'], repository: 'backups' };
const repository = { name: 'backups', path: '/srv/backups', password: 'p' };

/** Every operation: method, path, valid input if it takes one, the service call that it makes. */
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
const operations: readonly (readonly [Method, string, object | undefined, string])[] = [
  ['GET', '/vcenters', undefined, 'systems.list'],
  ['POST', '/vcenters', system, 'systems.add'],
  ['PATCH', '/vcenters/vc', { password: 'new' }, 'systems.edit'],
  ['DELETE', '/vcenters/vc', undefined, 'systems.remove'],
  ['POST', '/vcenters/vc/rescan', undefined, 'systems.rescan'],
  ['GET', '/vcenters/vc/inventory', undefined, 'systems.vcenterInventory'],
  ['GET', '/mounts', undefined, 'mounts.list'],
  ['GET', '/arrays', undefined, 'systems.list'],
  ['POST', '/arrays', array, 'systems.add'],
  ['PATCH', '/arrays/a', { chap: null }, 'systems.edit'],
  ['DELETE', '/arrays/a', undefined, 'systems.remove'],
  ['POST', '/arrays/a/rescan', undefined, 'systems.rescan'],
  ['POST', '/arrays/a/test', undefined, 'systems.testArray'],
  ['GET', '/arrays/a/inventory', undefined, 'systems.arrayInventory'],
  ['GET', '/array-families/ontap/permissions', undefined, 'systems.permissions'],
  ['GET', '/topology?vm=web-01', undefined, 'topology.show'],
  ['GET', '/topology/relations', undefined, 'topology.relations'],
  ['GET', '/vms?job=nightly&protection=late&limit=5', undefined, 'vms.list'],
  ['GET', '/vms/counts?withinHours=48', undefined, 'vms.counts'],
  ['GET', '/proxies', undefined, 'proxies.list'],
  ['GET', '/proxies/px2', undefined, 'proxies.find'],
  ['PATCH', '/proxies/px2', { restoreFolders: ['/srv/restored'] }, 'proxies.edit'],
  ['DELETE', '/proxies/px2', undefined, 'proxies.remove'],
  ['POST', '/proxies/local/probe', undefined, 'proxies.probe'],
  ['GET', '/repositories', undefined, 'repositories.list'],
  ['GET', '/repositories/usage', undefined, 'repositories.usage'],
  ['GET', '/repositories/backups', undefined, 'repositories.find'],
  ['GET', '/vcenters/vc', undefined, 'systems.find'],
  ['GET', '/arrays/a', undefined, 'systems.find'],
  ['GET', '/users/ann', undefined, 'users.find'],
  ['GET', '/tokens/ci', undefined, 'tokens.find'],
  ['POST', '/repositories', repository, 'repositories.add'],
  ['POST', '/repositories', { ...repository, init: true }, 'repositories.init'],
  ['PATCH', '/repositories/backups', { path: '/srv/moved' }, 'repositories.edit'],
  ['DELETE', '/repositories/backups', undefined, 'repositories.remove'],
  ['POST', '/repositories/backups/rescan', undefined, 'repositories.rescan'],
  ['POST', '/repositories/backups/repair', {}, 'repositories.repair'],
  ['POST', '/repositories/backups/check', { readData: true }, 'repositories.check'],
  ['GET', '/jobs', undefined, 'jobs.list'],
  ['POST', '/jobs', job, 'jobs.create'],
  ['GET', '/jobs/nightly', undefined, 'jobs.find'],
  ['POST', '/jobs/nightly/plan', undefined, 'jobs.plan'],
  ['POST', '/plan', job, 'jobs.planNew'],
  ['POST', '/jobs/nightly/explain', { vm: 'web-01' }, 'jobs.explain'],
  ['POST', '/jobs/nightly/run', undefined, 'jobs.run'],
  ['GET', '/runs?jobId=j&limit=5', undefined, 'runs.list'],
  ['GET', '/runs/2026', undefined, 'runs.show'],
  ['POST', '/runs/2026/cancel', undefined, 'runs.cancel'],
  ['POST', '/runs/2026/retry', undefined, 'retries.retry'],
  ['GET', '/points?vm=web-01', undefined, 'points.list'],
  ['GET', '/points/8a7c', undefined, 'points.find'],
  ['GET', '/chains', undefined, 'chains.list'],
  ['GET', '/jobs/j/chains', undefined, 'chains.show'],
  ['POST', '/jobs/j/chains', undefined, 'chains.create'],
  ['POST', '/jobs/j/chains/adopt', undefined, 'chains.adopt'],
  ['DELETE', '/jobs/j/chains/s1?side=primary&force=true', undefined, 'chains.delete'],
  ['GET', '/ready', undefined, 'readiness.show'],
  ['GET', '/server/backup', undefined, 'serverBackups.last'],
  ['POST', '/server/backup', { repository: 'b' }, 'serverBackups.make'],
  ['GET', '/config', undefined, 'configuration.show'],
  ['POST', '/config/plan', { apiVersion: 'leeward/v1' }, 'configuration.plan'],
  ['POST', '/schedules/preview', { cron: 'daily at 22:00' }, 'jobs.preview'],
  ['GET', '/jobs/j/times?limit=5', undefined, 'jobs.times'],
  ['POST', '/jobs/j/enable', undefined, 'jobs.setEnabled'],
  ['POST', '/jobs/j/disable', undefined, 'jobs.setEnabled'],
  ['GET', '/notification-channels', undefined, 'notifications.list'],
  [
    ...(['POST', '/notification-channels'] as const),
    { name: 'ops', target: { kind: 'webhook', url: 'https://hooks.example.org/x' } },
    'notifications.create',
  ],
  ['GET', '/notification-channels/c', undefined, 'notifications.find'],
  ['PATCH', '/notification-channels/c', { target: { kind: 'syslog', port: 1 } }, 'notifications.edit'],
  ['DELETE', '/notification-channels/c', undefined, 'notifications.remove'],
  ['POST', '/notification-channels/c/test', undefined, 'notifications.test'],
  ['GET', '/notification-deliveries?state=failed', undefined, 'notifications.deliveries'],
  ['GET', '/runs/2026/report', undefined, 'reports.run'],
  ['GET', '/reports/daily?date=2026-11-26', undefined, 'reports.daily'],
  ['GET', '/reports/protection', undefined, 'reports.protection'],
  ['GET', '/orphans', undefined, 'orphans.list'],
  ['POST', '/orphans/clean', undefined, 'orphans.clean'],
  ['POST', '/restores', { vm: 'web-01', toFolder: '/tmp/out' }, 'restores.restoreVm'],
  ['GET', '/settings', undefined, 'settings.show'],
  ['PATCH', '/settings', { limits: { standardVmsPerHost: 3 } }, 'settings.edit'],
  ['POST', '/session', { username: 'ann', password: 'p' }, 'sessions.signIn'],
  ['POST', '/setup', { secret: 's', username: 'ann', password: 'p' }, 'setup.finish'],
  ['GET', '/users', undefined, 'users.list'],
  ['POST', '/users', { name: 'ann', role: 'viewer', password: 'p' }, 'users.create'],
  ['PATCH', '/users/ann', { disabled: true }, 'users.edit'],
  ['DELETE', '/users/ann', undefined, 'users.remove'],
  ['GET', '/tokens', undefined, 'tokens.list'],
  ['POST', '/tokens', { name: 'ci', readOnly: true }, 'tokens.create'],
  ['DELETE', '/tokens/ci', undefined, 'tokens.remove'],
  ['GET', '/audit?outcome=refused&limit=5', undefined, 'audit.list'],
];

const send = (method: Method, path: string, payload?: unknown) =>
  api.app.inject({
    method,
    url: `/api/v1${path}`,
    ...(payload === undefined
      ? {}
      : { payload: JSON.stringify(payload), headers: { 'content-type': 'application/json' } }),
  });

describe('operations', () => {
  it.each(operations)('%s %s with valid input makes its call', async (method, path, input, operation) => {
    const answer = await send(method, path, input);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ operation });
    expect(api.calls).toHaveLength(1);
  });

  it('hands ids and inputs over as they were sent', async () => {
    await send('POST', `/jobs/${encodeURIComponent('Büro [alt] / 01')}/run`);
    await send('POST', '/restores', { point: '8a7c', toFolder: '/tmp/out', overwrite: true });
    expect(api.calls.map(({ input: [first] }) => first)).toEqual([
      'Büro [alt] / 01',
      { point: '8a7c', toFolder: '/tmp/out', overwrite: true },
    ]);
  });
});

describe('wrong input', () => {
  const posts = operations.filter(([method]) => method !== 'GET');
  const bodies = ['text', 7, true, ['list'], { surprise: 1 }];
  it.each(posts)('%s %s refuses every wrong body with 400 and L-CFG-103', async (method, path) => {
    for (const body of bodies) {
      const answer = await send(method, path, body);
      expect([body, answer.statusCode, answer.json().code]).toEqual([body, 400, 'L-CFG-103']);
    }
    expect(api.calls).toEqual([]);
  });

  it.each([
    ['POST', '/vcenters', { ...system, port: 0 }, 'port'],
    ['POST', '/vcenters', { ...system, password: '' }, 'password'],
    ['POST', '/arrays', system, 'family'],
    ['POST', '/arrays', { ...array, nfsPorts: { '10.0.0.1': { nfsPort: 2049 } } }, 'mountPort'],
    ['PATCH', '/settings', { limits: { standardVmsPerHost: 0 } }, 'standardVmsPerHost'],
    ['PATCH', '/settings', { limits: { vmsPerMoon: 1 } }, 'vmsPerMoon'],
    ['PATCH', '/settings', { dataPath: { giveUpSeconds: 1 } }, 'giveUpSeconds'],
    ['PATCH', '/jobs/j', { vmwareSnapshotBudgetMs: 10 }, 'vmwareSnapshotBudgetMs'],
    ['PATCH', '/vcenters/vc', { port: 0 }, 'port'],
    ['PATCH', '/vcenters/vc', { chap: null }, 'chap'],
    ['PATCH', '/arrays/a', { chap: {} }, 'chap'],
    ['PATCH', '/arrays/a', { chap: { mutual: {} } }, 'mutual'],
    [
      'POST',
      '/arrays',
      { ...array, chap: { username: 'c', password: 'p', mutual: { username: 'm' } } },
      'mutual',
    ],
    ['PATCH', '/arrays/a', { family: 'nimble' }, 'family'],
    ['PATCH', '/repositories/b', { path: 'relative' }, 'path'],
    ['POST', '/repositories/b/repair', { packs: ['x'] }, 'packs'],
    ['POST', '/repositories', { ...repository, path: 'relative' }, 'path'],
    ['POST', '/repositories', { ...repository, blockSizeBytes: 4096 }, 'blockSizeBytes'],
    ['POST', '/repositories/b/check', { readData: 'yes' }, 'readData'],
    ['POST', '/jobs', { ...job, vms: [] }, 'vms'],
    ['POST', '/jobs', { ...job, secondaryKeep: 0 }, 'secondaryKeep'],
    ['POST', '/jobs', { ...job, settlePauseMs: 600_001 }, 'settlePauseMs'],
    ['POST', '/jobs', { ...job, quiesce: 'sometimes' }, 'quiesce'],
    ['POST', '/jobs', { ...job, cbtSampleFraction: 1.1 }, 'cbtSampleFraction'],
    ['POST', '/jobs', { ...job, preScript: 'relative' }, 'preScript'],
    ['POST', '/jobs', { ...job, postScript: null }, 'postScript'],
    ['PATCH', '/jobs/a', { scriptTimeoutMs: 0 }, 'scriptTimeoutMs'],
    ['POST', '/restores', { toFolder: '/tmp/out' }, 'a point or a VM'],
    ['POST', '/restores', { vm: 'a', point: 'b', toFolder: '/tmp/out' }, 'a point or a VM'],
    ['PATCH', '/settings', { console: { publicUrl: 'http://backup.example' } }, 'publicUrl'],
    ['PATCH', '/settings', { console: { publicUrl: 'https://u:p@backup.example' } }, 'publicUrl'],
    ['PATCH', '/settings', { console: { publicUrl: 'https://backup.example/leeward' } }, 'publicUrl'],
    ['PATCH', '/settings', { console: { publicUrl: 'https://backup.example/?a=b' } }, 'publicUrl'],
    ['PATCH', '/settings', { console: { publicUrl: 'backup.example' } }, 'publicUrl'],
    ['PATCH', '/settings', { console: { publicUrl: 'javascript:alert(1)' } }, 'publicUrl'],
    ['GET', '/runs?limit=0', undefined, 'limit'],
    ['GET', '/runs?limit=many', undefined, 'limit'],
    ['GET', '/runs?limit=501', undefined, 'limit'],
    ['GET', '/vms?protection=maybe', undefined, 'protection'],
    ['GET', '/points?since=yesterday', undefined, 'since'],
    ['GET', '/points?find=a%00b', undefined, 'zero character'],
    ['GET', '/jobs/a%00b', undefined, 'zero character'],
    ['POST', '/jobs', { ...job, name: 'a\u0000b' }, 'zero character'],
    ['POST', '/jobs', { ...job, vms: ['a\ud800'] }, 'half of a character'],
    ['GET', '/points?colour=red', undefined, 'colour'],
    ['GET', '/topology?vm=', undefined, 'vm'],
    ['POST', '/users', { name: 'a b', role: 'viewer', password: 'p' }, 'name'],
    ['POST', '/users', { name: 'Local', role: 'viewer', password: 'p' }, 'name'],
    ['POST', '/users', { name: 'ann', role: 'king', password: 'p' }, 'role'],
    ['POST', '/tokens', { name: 'ci', days: 0 }, 'days'],
    ['GET', '/audit?since=yesterday', undefined, 'since'],
    ['POST', '/session/password', { password: 'p', newPassword: 'q' }, 'has a password'],
  ] as const)('%s %s with %j says what is wrong: %s', async (method, path, input, named) => {
    const answer = await send(method, path, input);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ code: 'L-CFG-103', status: 400, exit: 'usage' });
    expect(answer.json().what).toContain(named);
    expect(api.calls).toEqual([]);
  });

  it('refuses what is no JSON, what is too large, and operations that it does not know', async () => {
    const headers = { 'content-type': 'application/json' };
    const broken = await api.app.inject({ method: 'POST', url: '/api/v1/jobs', payload: '{', headers });
    expect([broken.statusCode, broken.json().code]).toEqual([400, 'L-CFG-103']);
    const large = await send('POST', '/jobs', { ...job, name: 'x'.repeat(2 * 1024 * 1024) });
    expect([large.statusCode, large.json().code]).toEqual([400, 'L-CFG-103']);
    const unknown = await send('GET', '/nothing');
    expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'L-CFG-102']);
  });

  it('says which methods a path takes, also to who sends a body', async () => {
    for (const [method, path, allowed] of [
      ['PATCH', '/vms?job=nightly', 'GET, HEAD'],
      ['POST', '/runs/7f3a', 'GET, HEAD'],
      ['GET', '/runs/7f3a/cancel', 'POST'],
    ] as const) {
      const answer = await send(method, path, method === 'GET' ? undefined : { a: 1 });
      expect([answer.statusCode, answer.json().code]).toEqual([405, 'L-API-106']);
      expect(answer.headers['allow']).toBe(allowed);
    }
    const nowhere = await send('POST', '/nowhere', { a: 1 });
    expect([nowhere.statusCode, nowhere.json().code]).toEqual([404, 'L-CFG-102']);
    expect(api.calls).toEqual([]);
  });
});

describe('errors', () => {
  it.each([
    ['L-CFG-102', 404],
    ['L-CFG-103', 400],
    ['L-CFG-105', 409],
    ['L-CFG-106', 502],
    ['L-RUN-104', 409],
    ['L-RUN-106', 500],
  ] as const)('%s leaves as problem details with status %i', async (code, status) => {
    api.failNext(new LeewardError(code, { kind: 'job', name: 'x' }));
    const answer = await send('GET', '/jobs');
    expect(answer.statusCode).toBe(status);
    const problem = answer.json();
    expect(problem).toMatchObject({ code, status, type: `urn:leeward:error:${code}`, title: problem.what });
    expect(isErrorCode(problem.code)).toBe(true);
    expect(problem.next).not.toBe('');
  });

  it('hides nothing of a defect from the log and its insides from the answer', async () => {
    api.failNext(new Error('boom'));
    const answer = await send('GET', '/jobs');
    expect(answer.json()).toMatchObject({ code: 'L-RUN-103', status: 500 });
    expect(answer.body).not.toContain('api.test.ts');
    expect(api.log.map(({ msg }) => msg)).toContain('unexpected fault');
  });
});

describe('the request log', () => {
  it('has no line for requests that went well, or that the caller got wrong', async () => {
    await send('GET', '/jobs');
    await send('GET', '/nothing');
    await send('POST', '/jobs', {});
    expect(api.log).toEqual([]);
  });

  it('has a line for each that failed', async () => {
    api.failNext(new LeewardError('L-RUN-106', { run: 'r' }));
    await send('GET', '/jobs');
    expect(api.log).toMatchObject([{ level: 50, method: 'GET', url: '/api/v1/jobs', status: 500 }]);
  });
});
