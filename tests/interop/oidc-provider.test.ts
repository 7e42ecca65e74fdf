import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpsClient } from '@leeward/platform';
import { createLogger, type RunningServer, startServer } from '@leeward/server';
import { answerSchemas } from '@leeward/server/api/testing/answer-schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from './oidc/browser.ts';
import { type FaultyProvider, startFaultyProvider } from './oidc/faulty-provider.ts';
import { type RunningProvider, startProvider } from './oidc/real-provider.ts';

const clientId = 'leeward';
const clientSecret = 'a secret that nobody guesses';

let folder = '';
let server: RunningServer;
let client: HttpsClient;
let provider: RunningProvider;
let faulty: FaultyProvider;
let own = '';
let schemas: Awaited<ReturnType<typeof answerSchemas>>;

interface Answer {
  readonly status: number;
  readonly content: { readonly code?: string; readonly [name: string]: unknown };
  readonly cookie: string;
}

async function call(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
  cookie = '',
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await client.request({
    ...{ method, path: `/api/v1${path}` },
    headers: {
      ...more,
      ...(cookie ? { cookie } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  const kept = cookies.map((each) => each.split(';')[0] ?? '').filter((each) => !each.endsWith('='));
  const content = JSON.parse(await answer.body.text());
  // What is answered is what the API describes, no more and no less.
  if (answer.statusCode === 200) expect(schemas.get(`${method} ${path}`)?.parse(content)).toEqual(content);
  return { status: answer.statusCode, content, cookie: kept.join('; ') };
}

async function begin(): Promise<{ readonly url: string; readonly cookie: string }> {
  const { content, cookie } = await call('POST', '/session/provider/begin');
  return { url: String(content['url']), cookie };
}

const finish = (answer: string, cookie: string) => call('POST', '/session/provider', { answer }, cookie);

async function signIn(login: string): Promise<Answer> {
  const { url, cookie } = await begin();
  return finish(await new Browser().signIn(url, login, own), cookie);
}

const set = (issuer: string) =>
  server.services.oidc.edit({
    ...{ issuer, clientId, clientSecret, scopes: ['openid', 'profile', 'email', 'groups'] },
    domains: null,
    roles: [
      { value: 'admins', role: 'administrator' },
      { value: 'ops', role: 'operator' },
      { value: 'tenant-a', role: 'restore-operator', scope: { jobs: ['a-*'] } },
    ],
  });

const startTestServer = (port: number) =>
  startServer({
    ...{ dataFolder: folder, version: '1.2.3', logger: createLogger('server', 'silent'), proxy: false },
    https: { listen: { host: '127.0.0.1', port } },
    onFatal: () => undefined,
  });

async function reconnect(): Promise<string> {
  await client?.close();
  const { url = '', fingerprint = '' } = server.https ?? {};
  client = new HttpsClient({ origin: url, trust: { kind: 'fingerprint', sha256: fingerprint } });
  return url;
}

beforeAll(async () => {
  schemas = await answerSchemas();
  folder = await mkdtemp(join(tmpdir(), 'leeward-oidc-'));
  server = await startTestServer(0);
  const url = await reconnect();
  own = `${url}/sign-in/provider`;
  provider = await startProvider({
    ...{ clientId, clientSecret, redirectUris: [own], postLogoutRedirectUris: [`${url}/`] },
    accounts: {
      ann: { groups: ['staff', 'ops'], email: 'ann@example.com' },
      bob: { groups: ['tenant-a'], email: 'bob@other.example' },
      eve: { groups: ['staff'] },
      root: { groups: ['admins'] },
    },
  });
  faulty = await startFaultyProvider(clientId);
  const { version } = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve('oidc-provider/package.json'), 'utf8'),
  ) as { readonly version: string };
  console.log(`judge: oidc-provider ${version} ran`);
}, 60_000);
afterAll(async () => {
  await client?.close();
  await server?.close();
  await provider?.close();
  await faulty?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('signing in at a provider', () => {
  it('is not offered before it is set up', async () => {
    expect((await call('GET', '/sign-in-ways')).content).toEqual({ password: true });
    const { status, content } = await call('POST', '/session/provider/begin');
    expect([status, content.code]).toEqual([404, 'L-AUT-150']);
    await expect(set('http://127.0.0.1:9')).rejects.toThrow(/L-AUT-151/);
    await expect(set('http://example.com')).rejects.toThrow(/L-CFG-103/);
  });

  it('makes a user with the role of the group, and a session like any other', async () => {
    await set(provider.issuer);
    expect((await call('GET', '/sign-in-ways')).content).toEqual({
      ...{ password: true, provider: { label: 'Single sign-on' } },
    });
    const { status, content, cookie } = await signIn('ann');
    expect([status, content['user']]).toEqual([200, { name: 'ann', role: 'operator' }]);
    const session = await call('GET', '/session', undefined, cookie);
    expect(session.content['user']).toEqual({ name: 'ann', role: 'operator' });
    expect((await call('GET', '/users', undefined, cookie)).status).toBe(403);
    expect((await signIn('ann')).status).toBe(200);
    const users = await server.services.users.list();
    expect(users).toMatchObject([{ name: 'ann', role: 'operator', signsIn: 'provider' }]);
    const byPassword = await call('POST', '/session', { username: 'ann', password: '' });
    expect(byPassword.status).toBe(400);
  });

  it('gives the scope of the group', async () => {
    const { content, cookie } = await signIn('bob');
    expect(content['user']).toEqual({ name: 'bob', role: 'restore-operator', scopes: [{ jobs: ['a-*'] }] });
    expect((await call('GET', '/arrays', undefined, cookie)).content.code).toBe('L-AUT-111');
    expect((await call('GET', '/jobs', undefined, cookie)).content).toEqual([]);
  });

  it('refuses who has no role, whose address is not allowed, and who is disabled, and writes it down', async () => {
    const { status, content } = await signIn('eve');
    expect([status, content.code]).toEqual([403, 'L-AUT-154']);
    await server.services.oidc.edit({ domains: ['example.com'] });
    expect((await signIn('bob')).content).toMatchObject({ code: 'L-AUT-154' });
    expect((await signIn('ann')).status).toBe(200);
    await server.services.oidc.edit({ domains: null });
    await server.services.users.edit('ann', { disabled: true });
    expect((await signIn('ann')).content).toMatchObject({ code: 'L-AUT-154' });
    await server.services.users.edit('ann', { disabled: false });
    const { items } = await server.services.audit.list({ operation: 'session/provider', outcome: 'refused' });
    expect(items.map(({ code }) => code)).toContain('L-AUT-154');
  });

  it('does not take the name of another user', async () => {
    await server.services.users.create({ name: 'root', role: 'viewer', password: 'correct horse battery' });
    expect((await signIn('root')).content).toMatchObject({ code: 'L-AUT-155' });
    await server.services.users.remove('root');
    expect((await signIn('root')).content['user']).toEqual({ name: 'root', role: 'administrator' });
    await expect(server.services.users.edit('root', { role: 'viewer' })).rejects.toThrow(/L-AUT-157/);
  });

  it('takes an answer once, from the browser that began, and with its state', async () => {
    const { url, cookie } = await begin();
    const answer = await new Browser().signIn(url, 'ann', own);
    expect((await finish(answer, '')).content.code).toBe('L-AUT-153');
    const other = await begin();
    expect((await finish(answer, other.cookie)).content).toMatchObject({ code: 'L-AUT-152' });
    expect((await finish(answer, cookie)).status).toBe(200);
    expect((await finish(answer, cookie)).content.code).toBe('L-AUT-153');
  });

  it('ends here first and then at the provider, which sends the browser back', async () => {
    const browser = new Browser();
    const first = await begin();
    const { content, cookie } = await finish(await browser.signIn(first.url, 'ann', own), first.cookie);
    expect(await browser.hasSession((await begin()).url, own)).toBe(true);
    const csrf = { 'x-csrf-token': String(content['csrfToken']) };
    const out = await call('DELETE', '/session', undefined, cookie, csrf);
    const { redirectUrl } = out.content;
    expect([out.status, out.content['ended']]).toEqual([200, true]);
    expect((await call('GET', '/session', undefined, cookie)).status).toBe(401);
    expect(await browser.signOut(String(redirectUrl))).toBe(new URL('/', own).href);
    expect(await browser.hasSession((await begin()).url, own)).toBe(false);
    // The trail has no token of the provider in it.
    const { items } = await server.services.audit.list({ operation: 'DELETE /session' });
    expect(items[0]).toMatchObject({ caller: { name: 'ann' }, outcome: 'done' });
    expect(JSON.stringify(items)).not.toContain('id_token_hint');
  });

  it('ends here only where that is set, and for who signed in with a password', async () => {
    await server.services.oidc.edit({ signOutAtProvider: false });
    const { content, cookie } = await signIn('ann');
    const csrf = { 'x-csrf-token': String(content['csrfToken']) };
    expect((await call('DELETE', '/session', undefined, cookie, csrf)).content).toEqual({ ended: true });
    await server.services.oidc.edit({ signOutAtProvider: null });
    const password = 'correct horse battery';
    await server.services.users.create({ name: 'pat', role: 'viewer', password });
    const own = await call('POST', '/session', { username: 'pat', password });
    const ownCsrf = { 'x-csrf-token': String(own.content['csrfToken']) };
    const out = await call('DELETE', '/session', undefined, own.cookie, ownCsrf);
    expect(out.content).toEqual({ ended: true });
  });

  it('that was begun ends also when the server was started anew in between', async () => {
    const { url, cookie } = await begin();
    const answer = await new Browser().signIn(url, 'ann', own);
    await server.close();
    server = await startTestServer(Number(new URL(own).port));
    await reconnect();
    expect((await finish(answer, cookie)).status).toBe(200);
  });

  it('a code that was used, and one of nobody, is refused by the provider', async () => {
    const { url, cookie } = await begin();
    const state = new URL(url).searchParams.get('state') ?? '';
    const answer = `?code=none&state=${state}&iss=${encodeURIComponent(provider.issuer)}`;
    expect((await finish(answer, cookie)).content).toMatchObject({ code: 'L-AUT-152' });
  });

  it('says what the provider says when somebody does not want to', async () => {
    const { url, cookie } = await begin();
    const answer = await new Browser().refuse(url, own);
    const { status, content } = await finish(answer, cookie);
    expect([status, content.code]).toEqual([403, 'L-AUT-156']);
    expect(content['title']).toContain('access_denied');
  });

  it('says so when the client is not known there any more', async () => {
    await server.services.oidc.edit({ clientSecret: 'another' });
    expect((await signIn('ann')).content).toMatchObject({ code: 'L-AUT-151', status: 502 });
    await server.services.oidc.edit({ clientSecret });
  });
});

describe('an ID token', () => {
  const nowSeconds = () => Math.floor(Date.now() / 1_000);
  const comeBack = async () => {
    const { url, cookie } = await begin();
    const asked = new URL(url).searchParams;
    faulty.nonce = asked.get('nonce') ?? '';
    expect(asked.get('code_challenge_method')).toBe('S256');
    return finish(`?code=any&state=${asked.get('state')}`, cookie);
  };

  it('is taken when it is right, also when the clocks differ by less than a minute', async () => {
    await set(faulty.issuer);
    faulty.fault = {};
    expect((await comeBack()).status).toBe(200);
    faulty.fault = { claims: (right) => ({ ...right, exp: nowSeconds() - 30 }) };
    expect((await comeBack()).status).toBe(200);
  });

  it.each([
    ['of another sign-in', { claims: (right) => ({ ...right, nonce: 'other' }) }],
    ['without a nonce', { claims: ({ nonce: _, ...right }) => right }],
    ['for somebody else', { claims: (right) => ({ ...right, aud: 'other' }) }],
    ['of another issuer', { claims: (right) => ({ ...right, iss: 'http://127.0.0.1:1' }) }],
    ['that has expired', { claims: (right) => ({ ...right, exp: nowSeconds() - 3_600 }) }],
    ['that is not valid yet', { claims: (right) => ({ ...right, nbf: nowSeconds() + 3_600 }) }],
    ['under another key', { otherKey: true }],
  ] satisfies [string, FaultyProvider['fault']][])('%s is refused', async (_what, fault) => {
    faulty.fault = fault;
    const { status, content } = await comeBack();
    expect([status, content.code]).toEqual([403, 'L-AUT-152']);
  });

  it('is not asked for where the provider is down', async () => {
    const { url, cookie } = await begin();
    await faulty.close();
    const late = await finish(`?code=any&state=${new URL(url).searchParams.get('state')}`, cookie);
    expect([late.status, late.content.code]).toEqual([502, 'L-AUT-151']);
    const next = await call('POST', '/session/provider/begin');
    expect([next.status, next.content.code]).toEqual([502, 'L-AUT-151']);
  });
});
