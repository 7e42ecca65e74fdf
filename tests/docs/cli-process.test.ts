import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonShapes } from '@leeward/cli/docs/json-shapes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../e2e/support/until.ts';
import { CommandLine, ended } from './command-line.ts';

const commandLine = new CommandLine();
const leeward = (...words: string[]) => commandLine.leeward(...words);
const repository = join(commandLine.folder, 'repository');
const passwordFile = join(commandLine.folder, 'repository.password');
let server: ReturnType<CommandLine['start']> | undefined;

/** Starts a server and waits until it answers. */
async function startServer(): Promise<void> {
  server = commandLine.start(['server', 'start', '--json']);
  server.stderr?.resume();
  await once(server.stdout ?? server, 'data');
}

beforeAll(async () => {
  writeFileSync(passwordFile, 'correct horse\n', { mode: 0o600 });
  expect(await leeward('lab', 'up', '--size', '0.02')).toMatchObject({ code: 0 });
  await startServer();
  const register = await commandLine.sh('npx leeward lab status --commands | sh');
  expect(register).toMatchObject({ code: 0 });
  // The address that the array sees the proxy come from is known by a probe.
  expect(await leeward('proxy', 'probe')).toMatchObject({ code: 0 });
  const init = ['--path', repository, '--password-file', passwordFile];
  expect(await leeward('repository', 'init', 'backups', ...init)).toMatchObject({ code: 0 });
  const job = ['--repository', 'backups', '--vm', 'web-01'];
  expect(await leeward('job', 'create', 'nightly', ...job)).toMatchObject({ code: 0 });
  expect(await leeward('job', 'create', 'old', ...job)).toMatchObject({ code: 0 });
}, 180_000);
afterAll(() => commandLine.close(), 60_000);

it('runs a job and restores its point', { timeout: 120_000 }, async () => {
  const run = await leeward('job', 'run', 'nightly');
  expect(run).toMatchObject({ code: 0 });
  expect(run.stdout).toMatch(/^run \S+ of nightly: success in /);
  expect(run.stderr).toMatch(/web-01: read done in /);
  const restore = await leeward('restore', 'vm', 'web-01', '--to-folder', 'out');
  expect(restore).toMatchObject({ code: 0 });
  expect(existsSync(join(commandLine.folder, 'out', 'web-01.vmx'))).toBe(true);
  const again = await leeward('restore', 'vm', 'web-01', '--to-folder', 'out');
  expect(again).toMatchObject({ code: 1 });
  expect(again.stderr).toContain('restore FAILED');
  expect(again.stdout).toMatch(/L-REP-119 .+\n {4}data .+\n {4}next /);
});

it('changes what is registered, and says what it did', { timeout: 60_000 }, async () => {
  const lab = JSON.parse((await leeward('lab', 'status', '--json')).stdout) as { readonly folder: string };
  const secret = ['--password-file', join(lab.folder, 'ontap-b.password')];
  const edited = await leeward('array', 'edit', 'ontap-b', ...secret, '--no-chap');
  expect(edited).toMatchObject({ code: 0, stderr: '' });
  expect(edited.stdout).toMatch(/^array ontap-b changed: it was read as leeward at \S+:\d+/);
  writeFileSync(join(commandLine.folder, 'wrong.password'), 'wrong\n', { mode: 0o600 });
  const refused = await leeward('vcenter', 'edit', 'vcenter', '--password-file', 'wrong.password');
  expect(refused).toMatchObject({ code: 12, stdout: '' });
  expect(refused.stderr).toMatch(/^L-VC-102 .*\n.*\n.*`leeward vcenter edit NAME --password`/);
  expect(await leeward('vcenter', 'tree', '--refresh')).toMatchObject({ code: 0 });
  const moved = await leeward('repository', 'edit', 'backups', '--path', repository);
  expect(moved).toMatchObject({ code: 0, stdout: expect.stringContaining('repository backups changed') });
});

describe('--json', () => {
  const argument: Readonly<Record<string, readonly string[]>> = {
    'array test': ['ontap-b'],
    'repository check': ['backups'],
    'repository repair': ['backups'],
    'job show': ['nightly'],
    'job remove': ['old'],
    'job plan': ['nightly'],
    'chain show': ['nightly'],
    'job plan --explain': ['web-01', 'nightly'],
    'restore vm': ['web-01', '--to-folder', 'out-json'],
    'token create': ['ci'],
    'schedule preview': ['daily at 22:00'],
    'job times': ['each-minute'],
    'notification show': ['log'],
    'notification test': ['log'],
  };
  /** The minute is waited for with a command each time. */
  const everySecond = { everyMs: 1_000 };
  beforeAll(async () => {
    // Something that `lab fault list` can show, and that no other command meets.
    await leeward('lab', 'fault', 'add', 'vcenter', '--method', 'CloneSession', '--hang');
    // Deliveries and past times are there when the first run was started by a schedule and has ended.
    const channel = ['--kind', 'syslog', '--host', '127.0.0.1', '--port', '9'];
    expect(await leeward('notification', 'create', 'log', ...channel)).toMatchObject({ code: 0 });
    const scheduled = ['--repository', 'backups', '--vm', 'no-such-vm', '--schedule', '* * * * *'];
    expect(await leeward('job', 'create', 'each-minute', ...scheduled)).toMatchObject({ code: 0 });
    await until(
      'a scheduled run to be told of',
      async () => {
        const { stdout } = await leeward('notification', 'deliveries', '--json');
        return (JSON.parse(stdout) as readonly object[]).length > 0;
      },
      everySecond,
    );
    expect(await leeward('job', 'disable', 'each-minute')).toMatchObject({ code: 0 });
    const password = ['--password-file', join(commandLine.folder, 'user.password')];
    writeFileSync(password[1] ?? '', 'correct horse battery\n', { mode: 0o600 });
    expect(await leeward('user', 'create', 'ann', '--role', 'viewer', ...password)).toMatchObject({
      code: 0,
    });
  }, 180_000);

  /** The documents of `array mounts`, which has some only while a run reads. */
  async function mountsWhileRead(): Promise<object[]> {
    // Long beside what a busy machine takes to hash what was read.
    const slow = ['127.0.0.22', '--method', 'READ', '--delay', '2s', '--times', 'all'];
    expect(await leeward('lab', 'fault', 'add', ...slow)).toMatchObject({ code: 0 });
    const run = leeward('job', 'run', 'nightly');
    const mounts = await until('a mount', async () => {
      const { code, stdout } = await leeward('array', 'mounts', '--json');
      expect(code).toBe(0);
      const list = JSON.parse(stdout) as object[];
      return list.length > 0 && list;
    });
    expect(await run).toMatchObject({ code: 0 });
    expect(await leeward('lab', 'fault', 'clear', '127.0.0.22')).toMatchObject({ code: 0 });
    return mounts;
  }

  it('array mounts lists, with the fields that are documented, what is shown to proxies while a run reads', async () => {
    const shape = jsonShapes.find(({ command }) => command === 'array mounts');
    expectFields(await mountsWhileRead(), shape?.fields ?? {});
    // The source was slow, and it is said so.
    const { stdout } = await leeward('run', 'show', await newestRun());
    expect(stdout).toMatch(/^ {2}bottleneck: secondary array \d+ % \(/m);
  }, 120_000);

  it.each(jsonShapes.filter(({ command }) => command !== 'array mounts'))(
    '$command is one document with the fields that are documented',
    async (shape) => {
      const { command, list, fields } = shape;
      const isOfRun = command === 'run show' || command === 'run report';
      const more = isOfRun ? [await newestRun()] : (argument[command] ?? []);
      const { code, stdout } = await leeward(...command.split(' '), ...more, '--json');
      expect(code).toBe(0);
      const document: unknown = JSON.parse(stdout);
      expect(Array.isArray(document)).toBe(list);
      const objects = (list ? document : [document]) as object[];
      expectFields(objects, fields);
    },
  );

  it('is an error on stderr and nothing on stdout when a command fails', async () => {
    const { code, stdout, stderr } = await leeward('job', 'show', 'weekly', '--json');
    expect([code, stdout]).toEqual([10, '']);
    expect(JSON.parse(stderr)).toMatchObject({ type: 'error', code: 'L-CFG-102' });
  });
});

describe('wrong use', () => {
  it.each([
    [['job', 'create'], 2, "required option '--vm <name...>' not specified"],
    [['job', 'crate'], 2, 'Did you mean create'],
    [['job', 'run', 'weekly'], 10, 'There is no job "weekly"'],
    // Ids of runs begin with the date.
    [['run', 'show', String(new Date().getUTCFullYear())], 2, 'Give more of the id'],
    [['run', 'show', '2'], 10, 'There is no run "2"'],
    [['array', 'permissions', 'nosuch'], undefined, 'L-'],
    [
      ['repository', 'add', 'x', '--path', 'nowhere', '--password-file', 'repository.password'],
      undefined,
      'L-REP-',
    ],
    [
      ['vcenter', 'add', 'x', '--host', '127.0.0.1', '--port', '1', '--username', 'u'],
      2,
      'a secret is needed',
    ],
    [['vcenter', 'edit', 'vcenter'], 2, 'nothing to change'],
    [['vcenter', 'edit', 'vcenter', '--password'], 2, 'a secret is needed'],
    [['array', 'edit', 'ontap-b', '--no-chap', '--chap-username', 'u'], 2, 'cannot be used with'],
    [['array', 'remove', 'ontap-b'], 11, 'The array "ontap-b" is still needed: job "nightly"'],
    [['repository', 'edit', 'backups', '--path', 'nowhere'], 10, 'L-REP-101'],
    [['repository', 'repair', 'backups', '--pack', 'x'], 2, 'must be the id of a pack'],
    [['server', 'start'], 11, 'L-CFG-201'],
    [['lab', 'up'], 2, 'There is already a running lab'],
  ])('%j says what is wrong', async (words, code, text) => {
    const { code: found, stdout, stderr } = await leeward(...words);
    expect(stderr).toContain(text);
    expect(stdout).toBe('');
    if (code === undefined) expect(found).toBeGreaterThan(0);
    else expect(found).toBe(code);
  });
});

it('leaves a run alone when the user stops watching it', { timeout: 60_000 }, async () => {
  const watching = commandLine.start(['job', 'run', 'nightly']);
  const end = ended(watching);
  await once(watching.stderr ?? watching, 'data');
  watching.kill('SIGINT');
  const { code, stdout, stderr } = await end;
  expect([code, stdout]).toEqual([130, '']);
  const id = /run (\S+) goes on/.exec(stderr)?.[1] ?? 'not said';
  expect((await leeward('run', 'watch', id)).code).toBe(0);
});

it('is quiet when nobody reads what it writes', async () => {
  const { code, stderr } = await commandLine.sh('npx leeward array permissions ontap --json | head -c 1');
  expect([code, stderr]).toEqual([0, '']);
});

it('says so when the server dies while a command waits, and takes over what it left', {
  timeout: 90_000,
}, async () => {
  const watching = commandLine.start(['job', 'run', 'nightly']);
  const end = ended(watching);
  await once(watching.stderr ?? watching, 'data');
  server?.kill('SIGKILL');
  const { code, stderr } = await end;
  expect(code).toBe(13);
  expect(stderr).toMatch(/The server stopped, or does not answer any more\.\n {2}data {2}.+\n {2}next {2}/);
  expect((await leeward('server', 'status')).code).toBe(13);
  // The socket and the database of the dead server are in the way of nobody: a command serves itself.
  const own = await leeward('job', 'list');
  expect([own.code, own.stdout]).toEqual([0, expect.stringContaining('nightly')]);
  expect(own.stderr.trim()).toBe('no server is running on this data folder: starting one for this command');
  await startServer();
  const run = await leeward('run', 'watch', await newestRun());
  expect(run.stdout).toMatch(/of nightly: success in /);
});

it('shows no secret anywhere', () => {
  const log = readFileSync(join(commandLine.dataFolder, 'postgresql.log'), 'utf8');
  expect(log).not.toContain('correct horse');
});

function expectFields(objects: readonly object[], fields: Readonly<Record<string, string>>): void {
  expect(objects.length).toBeGreaterThan(0);
  const known = Object.keys(fields).map((name) => name.replace('?', ''));
  const needed = Object.keys(fields).filter((name) => !name.endsWith('?'));
  for (const each of objects) {
    expect(Object.keys(each).filter((name) => !known.includes(name))).toEqual([]);
    expect(needed.filter((name) => !(name in each))).toEqual([]);
  }
}

async function newestRun(): Promise<string> {
  const { stdout } = await leeward('run', 'list', '--limit', '1', '--json');
  return String((JSON.parse(stdout) as { id: string }[])[0]?.id);
}
