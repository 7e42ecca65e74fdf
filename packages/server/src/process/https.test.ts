import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { HttpsClient, ManualClock, systemClock } from '@leeward/platform';
import { makeSelfSignedCertificate } from '@leeward/platform/tls/self-signed';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../api/api.ts';
import { answerSchemas } from '../api/testing/answer-schemas.ts';
import { apiUnderTest } from '../api/testing/api-under-test.ts';
import { listenHttps } from './https-listener.ts';
import { type RunningServer, startServer } from './server.ts';
import { tlsIdentity } from './tls-identity.ts';

const password = 'correct horse battery';
const logger = pino({ level: 'silent' });
let folder = '';
let server: RunningServer;
let client: HttpsClient;
let host = '';
let schemas: Awaited<ReturnType<typeof answerSchemas>>;
const asked = new Set<string>();

beforeAll(async () => {
  schemas = await answerSchemas();
  folder = await mkdtemp(join(tmpdir(), 'leeward-https-'));
  server = await startServer({
    dataFolder: folder,
    version: '1.2.3',
    logger,
    proxy: false,
    https: { listen: { host: '127.0.0.1', port: 0 } },
    onFatal: () => undefined,
  });
  const { url = '', fingerprint = '' } = server.https ?? {};
  host = url.replace('https://', '');
  client = new HttpsClient({ origin: url, trust: { kind: 'fingerprint', sha256: fingerprint } });
}, 60_000);
afterAll(async () => {
  await client?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What is answered is what the API describes, no more and no less. */
function describedAs(route: string, json: unknown): void {
  const known = schemas.get(route) ?? schemas.get(route.replace(/\/[^/]+$/, '/:id'));
  const { data, error } = known?.safeParse(json) ?? {};
  expect([route, error?.message, data]).toEqual([route, undefined, json]);
  asked.add(schemas.has(route) ? route : route.replace(/\/[^/]+$/, '/:id'));
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
async function call(method: Method, path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await client.request({
    method,
    path: `/api/v1${path}`,
    headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const json = JSON.parse(await answer.body.text());
  if (answer.statusCode === 200) describedAs(`${method} ${path.replace(/\?.*/, '')}`, json);
  return { status: answer.statusCode, headers: answer.headers, json };
}

const cookieOf = (headers: Record<string, unknown>) => String(headers['set-cookie']).split(';')[0] ?? '';

describe('the HTTPS door', () => {
  it('lets nobody in who is not signed in, but tells that it is there', async () => {
    expect(await call('GET', '/jobs')).toMatchObject({
      status: 401,
      json: { code: 'L-AUT-101' },
      headers: { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' },
    });
    expect(await call('GET', '/session')).toMatchObject({ status: 401 });
    const health = await call('GET', '/health');
    expect(health.json).toMatchObject({ ok: true, version: '1.2.3', url: server.https?.url });
    expect(await call('GET', '/jobs', undefined, { authorization: 'Basic YTpi' })).toMatchObject({
      status: 401,
    });
  });

  it('first start, session and CSRF, user, token, audit trail: the whole way', {
    timeout: 60_000,
  }, async () => {
    const secret = server.https?.setupUrl?.split('/setup#')[1];
    const wrong = await call('POST', '/setup', { secret: 'x', username: 'root', password });
    expect(wrong).toMatchObject({ status: 403, json: { code: 'L-AUT-108' } });
    const set = await call('POST', '/setup', { secret, username: 'root', password });
    expect(set).toMatchObject({ status: 200, json: { user: { name: 'root', role: 'administrator' } } });
    expect(String(set.headers['set-cookie'])).toMatch(
      /^__Host-leeward_session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const cookie = cookieOf(set.headers);
    const csrf = { 'x-csrf-token': set.json.csrfToken as string };
    expect((await call('GET', '/session', undefined, { cookie })).json).toEqual({
      user: { name: 'root', role: 'administrator' },
      csrfToken: set.json.csrfToken,
      expiresAt: expect.any(String),
    });

    // What changes something needs the token of the session, and comes from our page.
    const user = { name: 'vic', role: 'viewer', password };
    const foreign: Record<string, string>[] = [
      { cookie },
      { cookie, 'x-csrf-token': 'no' },
      { cookie, ...csrf, origin: 'https://evil' },
    ];
    for (const headers of foreign)
      expect(await call('POST', '/users', user, headers)).toMatchObject({
        status: 403,
        json: { code: 'L-AUT-105' },
      });
    const own = { cookie, ...csrf, origin: `https://${host}` };
    expect(await call('POST', '/users', user, own)).toMatchObject({ status: 200 });

    const made = await call('POST', '/tokens', { name: 'ci', role: 'operator', readOnly: true }, own);
    const bearer = { authorization: `Bearer ${made.json.token}` };
    expect(await call('GET', '/jobs', undefined, bearer)).toMatchObject({ status: 200, json: [] });
    expect(await call('POST', '/proxies/local/probe', undefined, bearer)).toMatchObject({
      status: 403,
      json: { code: 'L-AUT-110' },
    });

    expect(await call('GET', '/users', undefined, own)).toMatchObject({
      json: [{ name: 'root' }, { name: 'vic' }],
    });
    expect(await call('GET', '/tokens', undefined, own)).toMatchObject({
      json: [{ name: 'ci', usedAt: expect.any(String) }],
    });
    expect(await call('GET', '/users/vic', undefined, own)).toMatchObject({ json: { name: 'vic' } });
    expect(await call('GET', '/tokens/ci', undefined, own)).toMatchObject({ json: { name: 'ci' } });
    const brief = await call('POST', '/tokens', { name: 'brief' }, own);
    await call('DELETE', '/tokens/brief', undefined, own);
    expect(
      await call('GET', '/jobs', undefined, { authorization: `Bearer ${brief.json.token}` }),
    ).toMatchObject({ status: 401 });

    const signed = await call('POST', '/session', { username: 'vic', password });
    const vic = { cookie: cookieOf(signed.headers), 'x-csrf-token': signed.json.csrfToken as string };
    expect(await call('POST', '/jobs', { name: 'x', vms: ['v'], repository: 'r' }, vic)).toMatchObject({
      status: 403,
      json: { code: 'L-AUT-102' },
    });
    expect(await call('DELETE', '/session', undefined, vic)).toMatchObject({
      status: 200,
      json: { ended: true },
    });
    expect(await call('GET', '/jobs', undefined, vic)).toMatchObject({ status: 401 });
    const again = await call('POST', '/session', { username: 'vic', password });
    const own2 = { cookie: cookieOf(again.headers), 'x-csrf-token': again.json.csrfToken as string };
    const newPassword = 'another horse battery';
    expect(await call('POST', '/session/password', { password, newPassword }, own2)).toMatchObject({
      status: 200,
    });
    expect(await call('GET', '/jobs', undefined, own2)).toMatchObject({ status: 401 });
    expect(await call('PATCH', '/users/vic', { role: 'operator', password }, own)).toMatchObject({
      json: { role: 'operator' },
    });
    expect(await call('DELETE', '/users/vic', undefined, own)).toMatchObject({ status: 200 });
    const about = ['session', 'setup', 'users', 'tokens'];
    // What needs a provider is held against its description in tests/interop/oidc-provider.test.ts.
    const routes = [...schemas.keys()]
      .filter((route) => about.includes(route.split(/[ /]+/)[1] ?? ''))
      .filter((route) => !route.includes('/provider'));
    expect(routes.filter((route) => !asked.has(route))).toEqual([]);

    const { json } = await call('GET', '/audit?limit=100', undefined, { cookie });
    const seen = (
      json as { operation: string; caller: { name: string }; outcome: string; object?: string }[]
    ).map(({ operation, caller, outcome, object }) => [operation, caller.name, outcome, object ?? '']);
    expect(seen.toReversed()).toEqual([
      ['POST /setup', '', 'refused', ''],
      ['POST /setup', 'root', 'done', ''],
      ['POST /users', '', 'refused', ''],
      ['POST /users', '', 'refused', ''],
      ['POST /users', '', 'refused', ''],
      ['POST /users', 'root', 'done', 'vic'],
      ['POST /tokens', 'root', 'done', 'ci'],
      ['POST /proxies/:id/probe', 'ci', 'refused', 'local'],
      ['POST /tokens', 'root', 'done', 'brief'],
      ['DELETE /tokens/:id', 'root', 'done', 'brief'],
      ['POST /session', 'vic', 'done', 'vic'],
      ['POST /jobs', 'vic', 'refused', ''],
      ['DELETE /session', 'vic', 'done', 'vic'],
      ['POST /session', 'vic', 'done', 'vic'],
      ['POST /session/password', 'vic', 'done', 'vic'],
      ['PATCH /users/:id', 'root', 'done', 'vic'],
      ['DELETE /users/:id', 'root', 'done', 'vic'],
    ]);
    const text = JSON.stringify(json);
    for (const hidden of [password, made.json.token, set.json.csrfToken, secret, cookie.split('=')[1]])
      expect(text).not.toContain(hidden);
  });

  it('slows down who guesses', async () => {
    const guess = () => call('POST', '/session', { username: 'root', password: 'guess' });
    for (let time = 0; time < 5; time++) expect(await guess()).toMatchObject({ status: 401 });
    expect(await guess()).toMatchObject({
      status: 429,
      json: { code: 'L-AUT-104' },
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    });
  });

  it('speaks TLS 1.2 and later, and tells browsers to load and run nothing of others', async () => {
    const port = Number(host.split(':')[1]);
    const old = await new Promise((resolve) => {
      const socket = connect({
        host: '127.0.0.1',
        port,
        rejectUnauthorized: false,
        maxVersion: 'TLSv1.1',
        minVersion: 'TLSv1',
      });
      socket.once('secureConnect', () => resolve('accepted'));
      socket.once('error', () => resolve('refused'));
    });
    expect(old).toBe('refused');
    const { headers } = await call('GET', '/health');
    expect(headers['content-security-policy']).toBe(
      "default-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';object-src 'none'",
    );
    expect([headers['x-frame-options'], headers['x-content-type-options']]).toEqual(['DENY', 'nosniff']);
    expect(headers['strict-transport-security']).toBeUndefined();
  });
});

it('says so of an address that is taken', async () => {
  const { services, trail, app } = await apiUnderTest();
  await app.close();
  const identity = await tlsIdentity(folder, undefined, systemClock);
  const port = Number(host.split(':')[1]);
  const common = { services, trail, version: '1', logger, clock: systemClock, identity };
  const listening = listenHttps({
    ...common,
    consoleFolder: undefined,
    listen: { host: '127.0.0.1', port },
  });
  await expect(listening).rejects.toMatchObject({
    code: 'L-AUT-120',
    details: { address: `127.0.0.1:${port}`, reason: expect.stringContaining('EADDRINUSE') },
  });
});

describe('the certificate', () => {
  it('is self-made once, readable by its owner only, and made again a month before it ends', async () => {
    const data = await mkdtemp(join(tmpdir(), 'leeward-tls-'));
    const clock = new ManualClock();
    const first = await tlsIdentity(data, undefined, clock);
    expect(first).toMatchObject({ selfMade: true, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(((await stat(join(data, 'https.pem'))).mode & 0o777).toString(8)).toBe('600');
    expect((await tlsIdentity(data, undefined, clock)).sha256).toBe(first.sha256);
    await clock.advance(Date.parse(first.validTo) - clock.now() - 30 * 86_400_000);
    const second = await tlsIdentity(data, undefined, clock);
    expect(second.sha256).not.toBe(first.sha256);
    await writeFile(join(data, 'https.pem'), 'damaged');
    expect((await tlsIdentity(data, undefined, clock)).sha256).not.toBe(second.sha256);
    await rm(data, { recursive: true });
  });

  it("is the administrator's own where it is given, and refused where it cannot be used", async () => {
    const data = await mkdtemp(join(tmpdir(), 'leeward-tls-'));
    const make = (organisation: string) =>
      makeSelfSignedCertificate({ organisation, commonName: 'l', altNames: ['l'], clock: systemClock });
    const [one, other] = await Promise.all([make('one'), make('other')]);
    const paths = { certificate: join(data, 'c.pem'), key: join(data, 'k.pem') };
    await writeFile(paths.certificate, one.certificatePem);
    await writeFile(paths.key, one.keyPem);
    expect(await tlsIdentity(data, paths, systemClock)).toMatchObject({
      selfMade: false,
      sha256: one.sha256,
    });
    for (const key of [other.keyPem, 'no key']) {
      await writeFile(paths.key, key);
      await expect(tlsIdentity(data, paths, systemClock)).rejects.toMatchObject({ code: 'L-AUT-121' });
    }
    const missing = { ...paths, key: join(data, 'none.pem') };
    await expect(tlsIdentity(data, missing, systemClock)).rejects.toMatchObject({ code: 'L-AUT-121' });
    expect(await readFile(paths.certificate, 'utf8')).toBe(one.certificatePem);
    await rm(data, { recursive: true });
  });
});

describe('the console', () => {
  it('is served with one page for all its addresses, and never in place of the API', async () => {
    const built = await mkdtemp(join(tmpdir(), 'leeward-console-'));
    await writeFile(join(built, 'index.html'), '<html>console</html>');
    await writeFile(join(built, '.secret'), 'x');
    const { services, trail } = await apiUnderTest();
    const { socketDoor } = await import('../api/door.ts');
    const { createServer: plain } = await import('node:http');
    const app = await createApi({
      ...{ services, trail, version: '1', logger, clock: systemClock, door: socketDoor },
      network: { serverFactory: (handler) => plain(handler), strictTransport: true, consoleFolder: built },
    });
    const get = async (url: string) => {
      const { statusCode, body, headers } = await app.inject({ url });
      return [statusCode, body.includes('console'), headers['cache-control']];
    };
    expect(await get('/')).toEqual([200, true, 'no-cache']);
    expect(await get('/runs/2026?tab=steps')).toEqual([200, true, 'no-cache']);
    expect(await get('/assets/gone.js')).toEqual([404, false, undefined]);
    expect(await get('/.secret')).toEqual([404, false, undefined]);
    expect(await get('/../package.json')).toEqual([404, false, undefined]);
    expect(await get('/api/v1/nothing')).toEqual([404, false, 'no-store']);
    const { headers } = await app.inject({ url: '/' });
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    await app.close();
    await rm(built, { recursive: true });
  });
});
