import { type ChildProcess, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HttpsClient } from '@leeward/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CommandLine } from '../docs/command-line.ts';
import { type FaultyProvider, startFaultyProvider } from '../interop/oidc/faulty-provider.ts';
import { findSecrets, formsOf } from './support/secret-forms.ts';
import { until } from './support/until.ts';

/** With characters that URLs, JSON, XML and shells write in other ways. */
const newSecret = (name: string) => `${name}-${randomBytes(9).toString('hex')} &"<ä/+?`;

/** What nobody may find anywhere. */
const secrets: Record<string, string> = {};
for (const name of [
  'chap',
  'mutual chap',
  'repository',
  'user',
  'other user',
  'wrong',
  'oidc',
  'smtp',
  'webhook',
  'signature',
])
  secrets[name] = newSecret(name.replace(' ', '-'));
const secret = (name: string) => secrets[name] ?? '';

const machine = new CommandLine();
const file = (name: string) => join(machine.folder, name);
const found = new Set<string>();
const seenProcesses = new Set<string>();
const log: Buffer[] = [];
let server: ChildProcess;
let client: HttpsClient;
let provider: FaultyProvider;
let token = '';

function search(where: string, content: Buffer | string, but: readonly string[] = []): void {
  const asked = Object.fromEntries(Object.entries(secrets).filter(([name]) => !but.includes(name)));
  for (const name of findSecrets(Buffer.from(content), asked)) found.add(`${name}: ${where}`);
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly cookie: string;
}

/** Every answer is searched, but for what it is there to give. */
async function call(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object | string,
  { but = [] as readonly string[], headers = {} as Record<string, string> } = {},
): Promise<Answer> {
  const answer = await client.request({
    ...{ method, path: `/api/v1${path}` },
    headers: {
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = isZipped ? gunzipSync(bytes) : bytes;
  search(`answer to ${method} ${path}`, text, but);
  search(`headers of ${method} ${path}`, JSON.stringify(answer.headers), but);
  const [cookie = ''] = [answer.headers['set-cookie'] ?? []].flat();
  return { status: answer.statusCode, text: text.toString(), cookie: cookie.split(';')[0] ?? '' };
}

const json = ({ text }: Answer) => JSON.parse(text) as Readonly<Record<string, string>>;

async function leeward(...words: readonly string[]) {
  const ended = await machine.leeward(...words);
  search(`output of leeward ${words.join(' ')}`, ended.stdout + ended.stderr);
  return ended;
}

/** Command lines and environments of the server and of all that it has started. */
function searchProcesses(): void {
  const children = new Map<string, string[]>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = / (\d+)/.exec(read(`/proc/${pid}/stat`).toString().split(') ').at(-1) ?? '')?.[1] ?? '';
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const below = (pid: string): string[] =>
    (children.get(pid) ?? []).flatMap((each) => [each, ...below(each)]);
  const own = String(server.pid);
  for (const pid of [own, ...below(own)].filter((each) => !seenProcesses.has(each))) {
    seenProcesses.add(pid);
    search(`command line of process ${pid}`, read(`/proc/${pid}/cmdline`));
    // The server itself was given it so.
    const command = read(`/proc/${pid}/cmdline`).toString().replaceAll('\0', ' ').slice(-80);
    search(`environment of ${command}`, read(`/proc/${pid}/environ`), pid === own ? ['oidc'] : []);
  }
}

/** Empty for what is gone meanwhile. */
function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

async function untilEnded(run: string): Promise<string> {
  let state = '';
  await until(`run ${run} to end`, async () => {
    searchProcesses();
    const view = JSON.parse((await call('GET', `/runs/${run}`)).text) as { run: { state: string } };
    state = view.run.state;
    return !['queued', 'running'].includes(state);
  });
  return state;
}

beforeAll(async () => {
  expect(await machine.leeward('lab', 'up', '--size', '0.02')).toMatchObject({ code: 0 });
  const lab = JSON.parse((await machine.leeward('lab', 'status', '--json')).stdout) as { folder: string };
  for (const name of readdirSync(lab.folder).filter((each) => each.endsWith('.password')))
    secrets[`lab ${name}`] = readFileSync(join(lab.folder, name), 'utf8').trim();
  provider = await startFaultyProvider('leeward');
  const environment = { LEEWARD_LOG: 'debug', LEEWARD_OIDC_CLIENT_SECRET: secret('oidc') };
  server = machine.start(['server', 'start', '--json'], environment);
  server.stderr?.on('data', (chunk: Buffer) => log.push(chunk));
  const [started] = (await once(server.stdout ?? server, 'data')) as [Buffer];
  server.stdout?.on('data', (chunk: Buffer) => log.push(chunk));
  const { url, fingerprint, setupUrl } = JSON.parse(String(started)) as Record<string, string>;
  secrets['link of the first start'] = setupUrl?.split('#')[1] ?? '';
  secrets['key of the installation'] = readFileSync(join(machine.dataFolder, 'secret.key'), 'utf8').trim();
  client = new HttpsClient({ origin: url ?? '', trust: { kind: 'fingerprint', sha256: fingerprint ?? '' } });
}, 180_000);
afterAll(async () => {
  await client?.close();
  await provider?.close();
  await machine.close();
}, 60_000);

it('the search finds a secret in each form', () => {
  const one = newSecret('one');
  const seen = (text: string) => findSecrets(Buffer.from(text), { one });
  for (const form of formsOf(one)) expect(seen(`x${form}y`)).toEqual(['one']);
  for (const user of ['', 'a', 'ab', 'abc', 'leeward@vsphere.local'])
    for (const encoding of ['base64', 'base64url', 'hex'] as const)
      expect(seen(Buffer.from(`${user}:${one}!`).toString(encoding))).toEqual(['one']);
  expect(seen(`<password>${JSON.stringify({ one })}`)).toEqual(['one']);
  expect(seen(new URLSearchParams({ p: one.replace('ä', '') }).toString())).toEqual([]);
  expect(seen(`${one.slice(0, -1)}${one.slice(1)}`)).toEqual([]);
});

it('whatever is done, and however it fails, no secret is shown, logged, or stored as it is', {
  timeout: 900_000,
}, async () => {
  // First start, users, sessions, tokens.
  const session = { but: ['session', 'csrf'] };
  const setup = await call('POST', '/setup', {
    ...{ secret: secret('link of the first start'), username: 'root', password: secret('user') },
  });
  expect(setup.status).toBe(200);
  const signedIn = await call('POST', '/session', { username: 'root', password: secret('user') });
  secrets['session'] = signedIn.cookie.split('=')[1] ?? '';
  secrets['csrf'] = json(signedIn)['csrfToken'] ?? '';
  const headers = { cookie: signedIn.cookie, 'x-csrf-token': secret('csrf') };
  // With a key its answer is kept, for repetitions.
  const keyed = { headers: { ...headers, 'idempotency-key': 'scan' } };
  const made = await call('POST', '/tokens', { name: 'scan' }, keyed);
  secrets['token'] = json(made)['token'] ?? '';
  expect(formsOf(secret('token'))[0]?.length).toBeGreaterThan(40);
  await call('GET', '/session', undefined, { ...session, headers });
  for (const username of ['root', secret('wrong')])
    expect((await call('POST', '/session', { username, password: secret('wrong') })).status).toBe(401);
  token = secret('token');
  await call('POST', '/users', { name: 'bob', role: 'viewer', password: secret('other user') });
  await call('PATCH', '/users/bob', { password: `${secret('other user')}` });

  // Everything is registered.
  const commands = await machine.leeward('lab', 'status', '--commands');
  writeFileSync(file('register.sh'), commands.stdout);
  const registered = await machine.sh('. ./register.sh');
  expect(registered.code).toBe(0);
  search('output of registering', registered.stdout + registered.stderr);
  const arrays = JSON.parse((await call('GET', '/arrays')).text) as { id: string; name: string }[];
  const array = arrays.find(({ name }) => name === 'ontap-b')?.id ?? '';
  const mutual = { username: 'leeward-array', password: secret('mutual chap') };
  const chap = { username: 'leeward-chap', password: secret('chap'), mutual };
  expect((await call('PATCH', `/arrays/${array}`, { chap })).status).toBe(200);
  const repository = { path: file('repository'), password: secret('repository') };
  expect((await call('POST', '/repositories', { name: 'backups', ...repository, init: true })).status).toBe(
    200,
  );
  await call('POST', '/proxies/local/probe');
  const job = { name: 'nightly', vms: ['web-01'], repository: 'backups' };
  expect((await call('POST', '/jobs', job)).status).toBe(200);
  const channels = [
    {
      name: 'mail',
      target: {
        ...{ kind: 'email', host: '127.0.0.1', port: 9, security: 'starttls', username: 'leeward' },
        ...{ password: secret('smtp'), from: 'leeward@example.com', to: ['ann@example.com'] },
      },
    },
    {
      name: 'hook',
      target: {
        ...{ kind: 'webhook', secret: secret('signature') },
        url: `https://127.0.0.1:9/${encodeURIComponent(secret('webhook'))}`,
      },
    },
  ];
  for (const channel of channels) {
    const { status, text } = await call('POST', '/notification-channels', channel);
    expect([channel.name, status, text]).toEqual([channel.name, 200, expect.any(String)]);
    await call('POST', `/notification-channels/${channel.name}/test`);
  }
  const oidc = { issuer: provider.issuer, clientId: 'leeward', roles: [{ value: 'ops', role: 'operator' }] };
  expect((await call('PATCH', '/oidc', { ...oidc, secretFrom: 'environment' })).status).toBe(200);
  await call('POST', '/session/provider/begin');
  expect((await call('PATCH', '/oidc', { clientSecret: secret('oidc') })).status).toBe(200);
  await call('POST', '/oidc/test');

  // Work, and what is seen of it meanwhile.
  await call('POST', '/jobs/nightly/plan');
  const run = json(await call('POST', '/jobs/nightly/run'))['id'] ?? '';
  expect(await untilEnded(run)).toBe('success');
  const restore = await call('POST', '/restores', { vm: 'web-01', toFolder: file('out') });
  expect(await untilEnded(json(restore)['id'] ?? '')).toBe('success');

  // What is wrong in every way.
  const wrong = secret('wrong');
  const mistakes: [number, 'POST' | 'PATCH', string, object | string][] = [
    [502, 'PATCH', '/vcenters/vcenter', { password: wrong }],
    [502, 'PATCH', `/arrays/${array}`, { password: wrong }],
    [400, 'PATCH', '/vcenters/vcenter', { password: { value: wrong } }],
    [400, 'PATCH', '/vcenters/vcenter', { pasword: wrong }],
    [400, 'POST', '/session', `{"username": "root", "password": ${wrong}`],
    [400, 'POST', '/users', { name: 'x', role: wrong, password: wrong }],
    [400, 'POST', '/users', { name: `x/${wrong}`, role: 'viewer', password: wrong }],
    [403, 'POST', '/setup', { secret: wrong, username: 'x', password: wrong }],
    [403, 'POST', '/session/provider', { answer: `?code=${encodeURIComponent(wrong)}` }],
  ];
  for (const [status, method, path, body] of mistakes)
    expect([path, (await call(method, path, body)).status]).toEqual([path, status]);
  expect((await call('PATCH', '/repositories/backups', { password: wrong })).status).toBeGreaterThanOrEqual(
    400,
  );
  expect(
    (await call('GET', '/jobs', undefined, { headers: { authorization: `Bearer ${wrong}` } })).status,
  ).toBe(401);
  await leeward('vcenter', 'edit', 'vcenter', '--password-file', writeSecret('wrong'));

  // Nothing answers any more.
  expect((await leeward('lab', 'down')).code).toBe(0);
  for (const path of ['/vcenters/vcenter/rescan', `/arrays/${array}/rescan`, `/arrays/${array}/test`])
    await call('POST', path);
  const failing = json(await call('POST', '/jobs/nightly/run'))['id'] ?? '';
  expect(await untilEnded(failing)).toBe('failed');

  await searchEveryList();
  searchProcesses();
  await leeward('server', 'stop');
  search('log of the server and its proxy', Buffer.concat(log));
  searchFolder(machine.dataFolder);
  expect([...found]).toEqual([]);
});

function writeSecret(name: string): string {
  writeFileSync(file(name), `${secret(name)}\n`, { mode: 0o600 });
  return file(name);
}

/** Every operation that reads, for everything that there is. */
async function searchEveryList(): Promise<void> {
  const { paths } = JSON.parse((await call('GET', '/openapi.json')).text) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  };
  const reading = Object.keys(paths)
    .filter((path) => paths[path]?.['get'])
    .map((path) => path.replace(/^\/api\/v1/, ''))
    // A stream, which is searched with the log of the runs it tells of: it holds ids only.
    .filter((path) => path !== '/events');
  expect(reading.length).toBeGreaterThan(25);
  const answered = new Set<string>();
  const look = async (path: string, asked = path) => {
    if ((await call('GET', asked)).status === 200) answered.add(path);
  };
  for (const path of reading) {
    const [list] = path.split('/{');
    if (list === path) await look(path);
    else for (const id of await idsOf(list ?? '')) await look(path, path.replace(/\{\w+\}/, id));
  }
  // With nothing in the answers there would be nothing to find.
  expect(reading.filter((path) => !answered.has(path))).toEqual([]);
}

async function idsOf(list: string): Promise<readonly string[]> {
  if (list === '/array-families') return ['ontap'];
  const { status, text } = await call('GET', list);
  if (status !== 200) return [];
  const entries = JSON.parse(text) as readonly { readonly id?: string }[];
  return entries.flatMap(({ id }) => (id === undefined ? [] : [encodeURIComponent(id)]));
}

/** Also the database as it is on disk, with its log and the write-ahead log. */
function searchFolder(folder: string): void {
  const own = ['secret.key', 'lab'];
  const names = spawnSync('find', [folder, '-type', 'f'], { encoding: 'utf8' }).stdout.split('\n');
  const files = names.filter(
    (name) => name !== '' && !own.includes(name.slice(folder.length + 1).split('/')[0] ?? ''),
  );
  expect(files.some((name) => name.includes('pg_wal'))).toBe(true);
  for (const name of files) search(`file ${name.slice(folder.length)}`, read(name));
}
