import { Readable } from 'node:stream';
import type { AnsweredRequest, Services } from '@leeward/engine';
import { ManualClock } from '@leeward/platform';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { createApi } from './api.ts';
import { recordingServices } from './testing/recording-services.ts';
import { RecordingTrail } from './testing/recording-trail.ts';
import { roleDoor } from './testing/role-door.ts';

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

async function apiWith(own: Record<string, object>, answered: AnsweredRequest[] = []) {
  const { services } = recordingServices();
  const app = await createApi({
    services: new Proxy(services, {
      get: (known, name) => own[String(name)] ?? known[name as keyof Services],
    }),
    ...{ version: '1.2.3', clock: new ManualClock(), trail: new RecordingTrail(), door: roleDoor },
    logger: pino({ level: 'silent' }),
    onAnswered: (request) => answered.push(request),
  });
  close = () => app.close();
  return app;
}

it('says with 503 what is not ready, to anyone', async () => {
  let ready = false;
  const part = { name: 'proxy', ready, problem: 'no proxy gives a sign of life' };
  const app = await apiWith({ readiness: { show: async () => ({ ready, parts: [part] }) } });
  const url = '/api/v1/ready';
  const not = await app.inject({ url });
  expect([not.statusCode, not.json()]).toEqual([503, { ready: false, parts: [part] }]);
  ready = true;
  expect((await app.inject({ url })).statusCode).toBe(200);
});

it('tells Prometheus the metrics at its usual address too, with a token', async () => {
  const answered: AnsweredRequest[] = [];
  const app = await apiWith({ metrics: { text: async () => 'leeward_vmware_snapshots 0\n' } }, answered);
  for (const url of ['/metrics', '/api/v1/metrics', '/metrics?x=1']) {
    const { statusCode, headers, body } = await app.inject({ url, headers: { 'x-role': 'viewer readonly' } });
    expect([statusCode, headers['content-type'], body]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'leeward_vmware_snapshots 0\n',
    ]);
  }
  expect((await app.inject({ url: '/metrics' })).statusCode).toBe(401);
  await app.inject({ url: '/api/v1/jobs/nightly', headers: { 'x-role': 'viewer' } });
  await app.inject({ url: '/metricsx' });
  expect(answered.map(({ method, route, status }) => [method, route, status])).toEqual([
    ['GET', '/api/v1/metrics', 200],
    ['GET', '/api/v1/metrics', 200],
    ['GET', '/api/v1/metrics', 200],
    ['GET', '/api/v1/metrics', 401],
    ['GET', '/api/v1/jobs/:id', 200],
  ]);
});

it('sends the support bundle as a file while it is made, to administrators only', async () => {
  const asked: unknown[] = [];
  const bundle = async (query: object) => {
    asked.push(query);
    return Readable.from([Buffer.from([31, 139]), Buffer.from([8])]);
  };
  const app = await apiWith({ support: { bundle } });
  const url = '/api/v1/support-bundle?run=2026';
  expect((await app.inject({ url, headers: { 'x-role': 'operator' } })).statusCode).toBe(403);
  const sent = await app.inject({ url, headers: { 'x-role': 'administrator' } });
  expect([sent.statusCode, sent.headers['content-type'], [...sent.rawPayload]]).toEqual([
    200,
    'application/gzip',
    [31, 139, 8],
  ]);
  expect(sent.headers['content-disposition']).toBe('attachment; filename="leeward-support.tar.gz"');
  expect(asked).toEqual([{ run: '2026' }]);
});

it('takes no secret in a configuration, and no field that is not known', async () => {
  const app = await apiWith({});
  const send = async (payload: object) => {
    const headers = { 'x-role': 'administrator' };
    return (await app.inject({ method: 'POST', url: '/api/v1/config/plan', headers, payload })).json();
  };
  const apiVersion = 'leeward/v1';
  const vcenter = { name: 'vc', host: 'h', username: 'u' };
  const wrong: [object, RegExp][] = [
    [{}, /apiVersion/],
    [{ apiVersion: 'leeward/v9' }, /apiVersion/],
    [{ apiVersion, users: [] }, /users/],
    [{ apiVersion, vcenters: [{ ...vcenter, password: 'hunter2' }] }, /password/],
    [{ apiVersion, vcenters: [{ ...vcenter, passwordFrom: { command: 'x' } }] }, /passwordFrom/],
    [{ apiVersion, vcenters: [{ ...vcenter, passwordFrom: { env: 'A-B' } }] }, /passwordFrom/],
    [{ apiVersion, jobs: [{ name: 'j', vms: [] }] }, /vms/],
    [{ apiVersion, settings: { monitoring: { otlpEndpoint: 'http://u:p@h' } } }, /otlpEndpoint/],
  ];
  for (const [document, problem] of wrong) {
    const { code, details } = await send(document);
    expect([document, code, details?.problem]).toEqual([
      document,
      'L-CFG-103',
      expect.stringMatching(problem),
    ]);
  }
  const good = { apiVersion, vcenters: [{ ...vcenter, passwordFrom: { env: 'PW' } }], jobs: [] };
  expect(await send(good)).toEqual({ operation: 'configuration.plan' });
});
