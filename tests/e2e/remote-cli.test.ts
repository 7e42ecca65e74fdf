import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CommandLine, ended } from '../docs/command-line.ts';

const password = 'correct horse battery';
const machine = new CommandLine();
const file = (name: string) => join(machine.folder, name);
let url = '';
let fingerprint = '';

/** What a host has that is not the one of the server: another data folder, so that no socket is found there. */
const elsewhere: NodeJS.ProcessEnv = { LEEWARD_DATA: file('elsewhere'), LEEWARD_USER_PASSWORD: password };

function remote(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  return ended(machine.start(words, { ...elsewhere, ...environment }));
}

/** Of a command that is for the server, once `login` has kept a token. */
const there = (...words: string[]) => remote([...words, '--server', url]);

beforeAll(async () => {
  writeFileSync(file('repository.password'), 'another horse\n', { mode: 0o600 });
  expect(await machine.leeward('lab', 'up', '--size', '0.02')).toMatchObject({ code: 0 });
  const server = machine.start(['server', 'start', '--json']);
  server.stderr?.resume();
  const [started] = await once(server.stdout ?? server, 'data');
  const told = JSON.parse(String(started)) as { readonly url: string; readonly fingerprint: string };
  ({ url, fingerprint } = told);
  const user = ['user', 'create', 'ann', '--role', 'administrator'];
  const created = await ended(machine.start(user, { LEEWARD_USER_PASSWORD: password }));
  expect(created).toMatchObject({ code: 0 });
}, 180_000);
afterAll(() => machine.close(), 60_000);

it('sends nothing before the certificate is trusted, and says how to trust it', {
  timeout: 120_000,
}, async () => {
  const untrusted = await remote(['login', '--server', url, '--username', 'ann']);
  expect(untrusted).toMatchObject({ code: 14, stdout: '' });
  expect(untrusted.stderr).toContain(fingerprint);
  expect(untrusted.stderr).toMatch(/L-AUT-141 .*\n.*neither password nor token was sent/);
  const wrong = await remote([
    'login',
    '--server',
    url,
    '--username',
    'ann',
    '--server-fingerprint',
    'ab'.repeat(32),
  ]);
  expect([wrong.code, wrong.stderr.slice(0, 9)]).toEqual([14, 'L-AUT-142']);
  const nobody = await remote(['job', 'list', '--server', url, '--server-fingerprint', fingerprint]);
  expect([nobody.code, nobody.stderr.slice(0, 9)]).toEqual([12, 'L-AUT-143']);
  const plain = await remote(['job', 'list', '--server', url.replace('https', 'http')]);
  expect([plain.code, plain.stderr.slice(0, 9)]).toEqual([2, 'L-CFG-103']);
  const gone = await remote(['job', 'list', '--server', 'https://127.0.0.1:9'], { LEEWARD_TOKEN: 'lw_x' });
  expect([gone.code, gone.stderr.slice(0, 9)]).toEqual([13, 'L-AUT-140']);
});

it('keeps a token after a sign-in, privately, and not the password', { timeout: 120_000 }, async () => {
  const trusted = ['--server', url, '--server-fingerprint', fingerprint];
  const refused = await remote(['login', ...trusted, '--username', 'ann'], {
    LEEWARD_USER_PASSWORD: 'wrong',
  });
  expect([refused.code, refused.stderr.slice(0, 9)]).toEqual([12, 'L-AUT-103']);
  expect(await remote(['login', ...trusted, '--username', 'ann'])).toMatchObject({ code: 0, stderr: '' });
  const folder = file('.config/leeward/servers');
  const [name = ''] = readdirSync(folder);
  const kept = readFileSync(join(folder, name), 'utf8');
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  expect(kept).toContain('lw_');
  expect(kept).not.toContain(password);
  // Again: the token before it is not valid any more.
  expect(await remote(['login', ...trusted, '--username', 'ann'])).toMatchObject({ code: 0 });
  const tokens = JSON.parse((await there('token', 'list', '--json')).stdout) as { readonly name: string }[];
  expect(tokens.map((token) => token.name.replace(/ \w+$/, ''))).toEqual([
    expect.stringContaining('login ann@'),
  ]);
});

it('does everything there: register, back up, restore', { timeout: 240_000 }, async () => {
  const commands = await machine.leeward('lab', 'status', '--commands');
  writeFileSync(file('register.sh'), commands.stdout);
  const register = `export LEEWARD_SERVER='${url}' LEEWARD_DATA='${file('elsewhere')}'\n. ./register.sh`;
  expect(await machine.sh(register)).toMatchObject({ code: 0 });
  expect(existsSync(file('elsewhere'))).toBe(false);
  expect(await there('proxy', 'probe')).toMatchObject({ code: 0 });
  const secret = ['--password-file', file('repository.password')];
  const relative = await there('repository', 'init', 'backups', '--path', 'repository', ...secret);
  expect(relative).toMatchObject({ code: 2, stderr: expect.stringContaining('has to be absolute') });
  expect(await there('repository', 'init', 'backups', '--path', file('repository'), ...secret)).toMatchObject(
    { code: 0 },
  );
  const job = ['--repository', 'backups', '--vm', 'web-01'];
  expect(await there('job', 'create', 'nightly', ...job)).toMatchObject({ code: 0 });
  expect(await there('job', 'plan', 'nightly')).toMatchObject({ code: 0 });
  const run = await there('job', 'run', 'nightly');
  expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^run \S+ of nightly: success in /) });
  const restore = await there('restore', 'vm', 'web-01', '--to-folder', file('out'));
  expect(restore).toMatchObject({ code: 0 });
  expect(existsSync(file('out/web-01.vmx'))).toBe(true);
  const none = await there('job', 'plan', 'none');
  expect([none.code, none.stderr.slice(0, 9)]).toEqual([10, 'L-CFG-102']);
});

it('takes a token by environment, and says so when it is not valid', { timeout: 120_000 }, async () => {
  const made = await there('token', 'create', 'reader', '--role', 'viewer', '--read-only');
  const environment = { LEEWARD_SERVER: url, LEEWARD_SERVER_FINGERPRINT: fingerprint, HOME: file('nobody') };
  const token = { ...environment, LEEWARD_TOKEN: made.stdout.trim() };
  expect(await remote(['job', 'list'], token)).toMatchObject({ code: 0 });
  const refused = await remote(['job', 'run', 'nightly'], token);
  expect([refused.code, refused.stderr.slice(0, 9)]).toEqual([12, 'L-AUT-102']);
  const invalid = await remote(['job', 'list'], { ...environment, LEEWARD_TOKEN: 'lw_invalid' });
  expect([invalid.code, invalid.stderr.slice(0, 9)]).toEqual([12, 'L-AUT-144']);
  expect(invalid.stderr).toContain('from LEEWARD_TOKEN');
});

it('shows who is limited to jobs theirs, and restores from them', { timeout: 240_000 }, async () => {
  const job = ['--repository', 'backups', '--vm', 'web-01'];
  expect(await there('job', 'create', 'other', ...job)).toMatchObject({ code: 0 });
  const limits = ['--role', 'restore-operator', '--jobs', 'night*'];
  const made = await there('token', 'create', 'tenant', ...limits);
  expect(made.stderr).toContain('restore-operator, of the jobs night*');
  const environment = { LEEWARD_SERVER: url, LEEWARD_SERVER_FINGERPRINT: fingerprint };
  const tenant = (...words: string[]) => remote(words, { ...environment, LEEWARD_TOKEN: made.stdout.trim() });
  const jobs = JSON.parse((await tenant('job', 'list', '--json')).stdout) as { readonly name: string }[];
  expect(jobs.map(({ name }) => name)).toEqual(['nightly']);
  const points = JSON.parse((await tenant('point', 'list', '--json')).stdout) as unknown[];
  expect(points).toHaveLength(1);
  const restored = async (folder: string) => {
    const { code, stdout, stderr } = await tenant('restore', 'vm', 'web-01', '--to-folder', file(folder));
    return [code, /L-PRX-\d+/.exec(stdout + stderr)?.[0]];
  };
  expect(await restored('out-2')).toEqual([14, 'L-PRX-107']);
  mkdirSync(file('allowed'));
  mkdirSync(file('outside'));
  symlinkSync(file('outside'), file('allowed/link'));
  expect(await there('proxy', 'edit', 'local', '--restore-folder', file('allowed'))).toMatchObject({
    ...{ code: 0, stdout: expect.stringContaining(`restores into ${file('allowed')}`) },
  });
  expect(await restored('out-2')).toEqual([14, 'L-PRX-106']);
  expect(await restored('allowed/../out-2')).toEqual([14, 'L-PRX-106']);
  expect(await restored('allowed/link/out-2')).toEqual([1, 'L-PRX-106']);
  expect([existsSync(file('out-2')), readdirSync(file('outside'))]).toEqual([false, []]);
  expect(await restored('allowed/out-2')).toEqual([0, undefined]);
  expect(existsSync(file('allowed/out-2/web-01.vmx'))).toBe(true);
  for (const [words, code, error] of [
    [['job', 'plan', 'other'], 10, 'L-CFG-102'],
    [['array', 'list'], 12, 'L-AUT-111'],
    [['job', 'run', 'nightly'], 12, 'L-AUT-102'],
  ] as const) {
    const ended = await tenant(...words);
    expect([words, ended.code, ended.stderr.slice(0, 9)]).toEqual([words, code, error]);
  }
  const trail = await there('audit', 'export', '--caller', 'tenant', '--outcome', 'refused');
  const codes = trail.stdout
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line).code as string]));
  expect(new Set(codes)).toEqual(new Set(['L-AUT-111', 'L-AUT-102', 'L-PRX-106', 'L-PRX-107']));
});

it('what works on this machine only says so', { timeout: 120_000 }, async () => {
  const lab = await remote(['--server', url, 'lab', 'status']);
  expect(lab).toMatchObject({ code: 2, stderr: expect.stringContaining('works on this machine only') });
});

it('forgets the token on signing out, there too', { timeout: 120_000 }, async () => {
  const [name = ''] = readdirSync(file('.config/leeward/servers'));
  const { token } = JSON.parse(readFileSync(file(`.config/leeward/servers/${name}`), 'utf8')) as {
    token: string;
  };
  expect(await there('logout')).toMatchObject({ code: 0 });
  expect(await there('job', 'list')).toMatchObject({ code: 12 });
  const used = { LEEWARD_TOKEN: token, LEEWARD_SERVER_FINGERPRINT: fingerprint };
  const late = await remote(['job', 'list', '--server', url], used);
  expect([late.code, late.stderr.slice(0, 9)]).toEqual([12, 'L-AUT-144']);
});
