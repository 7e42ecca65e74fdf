import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerCommands } from '@leeward/cli/commands/lab-commands';
import { sha256OfFile } from '@leeward/cli/demo/hash-file';
import { isRunning, truthOf } from '@leeward/lab';
import type { Point, Run, RunView } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf } from './support/child-processes.ts';
import { ExternalPostgres } from './support/external-postgres.ts';
import { type Ended, leeward, saysSomething, startLeeward } from './support/leeward-process.ts';
import { startTestLab, type TestLab } from './support/test-lab.ts';
import { until } from './support/until.ts';

/** One that has to be encoded in a URL. */
const password = 'geheim/ß@:% 4711';

describe('a PostgreSQL of the administrator by DATABASE_URL', () => {
  let folder: string;
  let lab: TestLab;
  let postgres: ExternalPostgres;
  let server: ChildProcess;
  let environment: NodeJS.ProcessEnv;
  /** Everything that server and commands wrote. */
  let written = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leeward-url-'));
    const labFolder = join(folder, 'lab');
    await mkdir(labFolder);
    postgres = await ExternalPostgres.start();
    await postgres.addOwner('backups', password);
    environment = {
      LEEWARD_DATA: join(folder, 'data'),
      DATABASE_URL: postgres.url('backups', password),
      LEEWARD_LOG: 'debug',
    };
    lab = await startTestLab({
      folder: labFolder,
      size: 0.02,
      vcenter: (config) => ({ ...config, vms: config.vms.slice(0, 1) }),
    });
    await startServer();
  });
  afterAll(async () => {
    const gone = server && once(server, 'exit');
    server?.kill('SIGTERM');
    await gone;
    await lab?.stop();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function startServer(): Promise<void> {
    server = startLeeward(['server', 'start', '--json'], environment);
    const keep = (chunk: Buffer) => {
      written += chunk.toString();
    };
    server.stdout?.on('data', keep);
    server.stderr?.on('data', keep);
    await saysSomething(server);
  }
  /** Runs a command that must succeed and gives its result. */
  const run = async <T>(...words: string[]): Promise<T> => {
    const ended = await attempt(...words);
    expect([words.join(' '), ended.code, ended.stderr.match(/L-\w+-\d+.*/)?.[0]]).toEqual([
      words.join(' '),
      0,
      undefined,
    ]);
    return JSON.parse(ended.stdout) as T;
  };
  const attempt = async (...words: string[]): Promise<Ended> => {
    const ended = await leeward([...words, '--json'], environment, 120_000);
    written += ended.stdout + ended.stderr;
    return ended;
  };
  const show = (id: string) => run<RunView>('run', 'show', id);

  it('serves registration, a backup and its restore, byte for byte', async () => {
    for (const command of registerCommands(lab)) {
      // No path of the test's folders needs quoting.
      const [, , ...words] = command.split(' ');
      await run(...words);
    }
    const passwordFile = join(folder, 'repository.password');
    await writeFile(passwordFile, 'of the repository\n', { mode: 0o600 });
    const repository = ['--path', join(folder, 'repository'), '--password-file', passwordFile];
    await run('repository', 'init', 'backups', ...repository);
    await run('proxy', 'probe');
    const [vm] = lab.vms;
    await run('job', 'create', 'nightly', '--repository', 'backups', '--vm', vm?.path ?? '');
    const view = await run<RunView>('job', 'run', 'nightly');
    expect(view.run.state).toBe('success');
    await restoresEqual(view);
  });

  it('goes on with a run after a kill -9 of the server', async () => {
    const action = { kind: 'hang', atPercent: 30 };
    await lab.doors.secondary.post('/faults', { at: 'step', step: 'snapmirror.transfer', action });
    const { id } = await run<Run>('job', 'run', 'nightly', '--no-wait');
    await until('the transfer to be under way', async () =>
      (await show(id)).steps.some(({ name, endedAt }) => name === 'transfer' && endedAt === undefined),
    );
    const proxies = childrenOf(server.pid ?? 0, 'proxy-main');
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
    await until('the proxy to follow', async () => !proxies.some(isRunning));
    await startServer();
    await lab.doors.secondary.delete('/faults');
    const view = await run<RunView>('run', 'watch', id);
    expect([view.run.state, view.openObjects]).toEqual(['success', []]);
    await restoresEqual(view);
  });

  it('refuses a second server on the same data folder', async () => {
    const second = await attempt('server', 'start');
    expect([second.code, second.stderr]).toEqual([11, expect.stringContaining('L-CFG-201')]);
  });

  it('says what is wrong with an address or a password, without showing it', async () => {
    const wrong = async (url: string) => {
      const other = { ...environment, DATABASE_URL: url, LEEWARD_DATA: join(folder, 'other') };
      const { code, stderr } = await leeward(['server', 'start', '--json'], other);
      written += stderr;
      return [code, /L-CFG-\d+/.exec(stderr)?.[0]];
    };
    expect(await wrong(postgres.url('backups', `${password}!`))).toEqual([13, 'L-CFG-203']);
    expect(await wrong(postgres.url('backups', password).replace('/backups', '/nowhere'))).toEqual([
      13,
      'L-CFG-203',
    ]);
    expect(await wrong(`mysql://backups:${encodeURIComponent(password)}@h/d`)).toEqual([2, 'L-CFG-206']);
    expect(await wrong(`backups:${password}`)).toEqual([2, 'L-CFG-206']);
  });

  it('keeps everything in that database, and starts none of its own', async () => {
    expect(await readdir(join(folder, 'data'))).not.toContain('postgresql');
    expect(await postgres.query('select name from job', 'backups')).toEqual([{ name: 'nightly' }]);
    const databases = await postgres.query("select datname from pg_database where datname like '%backups%'");
    expect(databases).toEqual([{ datname: 'backups' }]);
  });

  it('shows its password nowhere: not in logs, results, arguments of processes or files', async () => {
    const forms = [password, encodeURIComponent(password), password.slice(0, 8), 'geheim'];
    expect(forms.filter((form) => written.includes(form))).toEqual([]);
    expect(written).toContain('server is ready');
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const shown = processes.filter((pid) => forms.some((form) => commandOf(pid).includes(form)));
    expect(shown).toEqual([]);
    const own = [String(server.pid), ...childrenOf(server.pid ?? 0, 'proxy-main').map(String)];
    expect(own.filter((pid) => commandOf(pid) !== '')).toHaveLength(2);
    for (const entry of await readdir(join(folder, 'data'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
      expect([entry.name, forms.filter((form) => content.includes(form))]).toEqual([entry.name, []]);
    }
  });

  async function restoresEqual({ run: { id }, vms }: RunView): Promise<void> {
    const [vm] = vms;
    const target = join(folder, 'restored', id);
    await run('restore', 'vm', '--point', vm?.facts.pointId ?? '', '--to-folder', target);
    const point = await run<Point>('point', 'show', vm?.facts.pointId ?? '');
    const truth = await truthOf(lab, vm?.name ?? '', vm?.facts.vmwareSnapshot?.name ?? '');
    expect(point.facts.disks.length).toBeGreaterThan(0);
    for (const { key, name } of point.facts.disks)
      expect(await sha256OfFile(join(target, `${name}-flat.vmdk`))).toBe(
        truth.disks.find((disk) => disk.key === key)?.sha256,
      );
  }
});

/** Empty for a process that has ended meanwhile. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
