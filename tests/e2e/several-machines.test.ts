import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerCommands } from '@leeward/cli/commands/lab-commands';
import { sha256OfFile } from '@leeward/cli/demo/hash-file';
import { isRunning, truthOf } from '@leeward/lab';
import type { Point, ProxyView, Run, RunView } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf } from './support/child-processes.ts';
import { ExternalPostgres } from './support/external-postgres.ts';
import { ended, leeward, saysSomething, startLeeward } from './support/leeward-process.ts';
import { startTestLab, type TestLab } from './support/test-lab.ts';
import { until } from './support/until.ts';

/** Server and second proxy share the database and the key of passwords, and no folder but the repository. */
describe('a proxy on a machine of its own', () => {
  let folder: string;
  let lab: TestLab;
  let postgres: ExternalPostgres;
  let server: ChildProcess;
  let second: ChildProcess;
  let onServer: NodeJS.ProcessEnv;
  let onSecond: NodeJS.ProcessEnv;
  const keyFile = () => join(folder, 'carried.key');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leeward-several-'));
    const labFolder = join(folder, 'lab');
    await mkdir(labFolder);
    postgres = await ExternalPostgres.start();
    await postgres.addOwner('backups', 'p');
    await postgres.addOwner('empty', 'p');
    const DATABASE_URL = postgres.url('backups', 'p');
    onServer = { LEEWARD_DATA: join(folder, 'data'), DATABASE_URL };
    onSecond = { LEEWARD_DATA: join(folder, 'second'), DATABASE_URL };
    lab = await startTestLab({
      folder: labFolder,
      size: 0.02,
      vcenter: (config) => ({ ...config, vms: config.vms.slice(0, 2) }),
    });
    server = startLeeward(['server', 'start', '--json'], onServer);
    await saysSomething(server);
    for (const command of registerCommands(lab)) await run(...command.split(' ').slice(2));
    const passwordFile = join(folder, 'repository.password');
    await writeFile(passwordFile, 'of the repository\n', { mode: 0o600 });
    const repository = ['--path', join(folder, 'repository'), '--password-file', passwordFile];
    await run('repository', 'init', 'backups', ...repository);
    const vms = lab.vms.flatMap(({ path }) => ['--vm', path]);
    await run('job', 'create', 'nightly', '--repository', 'backups', ...vms);
    const key = await readFile(join(folder, 'data', 'secret.key'));
    await writeFile(keyFile(), key, { mode: 0o600 });
  });
  afterAll(async () => {
    for (const child of [second, server]) {
      const gone = child && child.exitCode === null && once(child, 'exit');
      child?.kill('SIGTERM');
      await gone;
    }
    await lab?.stop();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a command on the server that must succeed and gives its result. */
  async function run<T>(...words: string[]): Promise<T> {
    const { code, stdout, stderr } = await leeward([...words, '--json'], onServer, 180_000);
    const error = stderr.match(/L-\w+-\d+.*/)?.[0];
    expect([words.join(' '), code, error]).toEqual([words.join(' '), 0, undefined]);
    return JSON.parse(stdout) as T;
  }

  /** Nearly every VM is its own by the number of slots. */
  const startWords = () => ['proxy', 'start', 'px2', '--slots', '64', '--secret-key-file', keyFile()];

  async function startSecond(): Promise<void> {
    second = startLeeward([...startWords(), '--json'], onSecond);
    await saysSomething(second);
    await until('the second proxy to be online', async () => (await proxy('px2'))?.online);
  }

  const proxy = async (name: string) =>
    (await run<ProxyView[]>('proxy', 'list')).find((each) => each.name === name);

  it('is refused without the key, with another one, on another database, and under a bad name', async () => {
    const refused = async (words: string[], environment: NodeJS.ProcessEnv = {}) => {
      const { code, stderr } = await leeward(words, { ...onSecond, ...environment });
      return [code, /L-[A-Z]+-\d+/.exec(stderr)?.[0]];
    };
    const other = 'f'.repeat(64);
    expect(await refused(['proxy', 'start', 'px2'])).toEqual([2, 'L-CFG-103']);
    expect(await refused(['proxy', 'start', 'px2'], { LEEWARD_SECRET_KEY: other })).toEqual([
      14,
      'L-AUT-131',
    ]);
    expect(await refused(startWords(), { DATABASE_URL: '' })).toEqual([2, 'L-CFG-103']);
    expect(await refused(startWords(), { DATABASE_URL: postgres.url('empty', 'p') })).toEqual([
      14,
      'L-CFG-213',
    ]);
    expect(await refused(startWords(), { DATABASE_URL: postgres.url('backups', 'q') })).toEqual([
      13,
      'L-CFG-203',
    ]);
    expect(await refused(['proxy', 'start', 'a/b', ...startWords().slice(3)])).toEqual([2, 'L-CFG-103']);
    expect(await run<ProxyView[]>('proxy', 'list')).toHaveLength(1);
    expect(await postgres.query("select to_regclass('public.job') as job", 'empty')).toEqual([{ job: null }]);
  });

  it('reads the VMs that are its own, and restores onto its own machine', async () => {
    await startSecond();
    const view = await run<RunView>('job', 'run', 'nightly');
    expect(view.run.state).toBe('success');
    const { id } = (await proxy('px2')) ?? {};
    const readers = view.run.plan?.vms.map(({ proxyId }) => proxyId) ?? [];
    expect(readers).toHaveLength(2);
    expect(readers).toContain(id);
    const own = view.run.plan?.vms.find(({ proxyId }) => proxyId === id);
    await restoresEqual(view, own?.name ?? '');
  });

  it('has a name of its own: a second one of that name is refused, and the first goes on', async () => {
    const { code, stderr } = await leeward(startWords(), {
      ...onSecond,
      LEEWARD_DATA: join(folder, 'third'),
    });
    expect([code, stderr]).toEqual([11, expect.stringContaining('L-PRX-104')]);
    expect((await proxy('px2'))?.online).toBe(true);
    const removal = await leeward(['proxy', 'remove', 'px2'], onServer);
    expect([removal.code, removal.stderr]).toEqual([11, expect.stringContaining('L-PRX-105')]);
  });

  it('dies in the middle of a run, with its machine: the run goes on when it is back', async () => {
    const action = { kind: 'hang', atPercent: 30 };
    await lab.doors.secondary.post('/faults', { at: 'step', step: 'snapmirror.transfer', action });
    const { id } = await run<Run>('job', 'run', 'nightly', '--no-wait');
    await until('the transfer to be under way', async () =>
      (await run<RunView>('run', 'show', id)).steps.some(({ name }) => name === 'transfer'),
    );
    const children = childrenOf(second.pid ?? 0, 'proxy-main');
    expect(children).toHaveLength(1);
    const gone = once(second, 'exit');
    second.kill('SIGKILL');
    await gone;
    await until('its process to follow', async () => !children.some(isRunning));
    await lab.doors.secondary.delete('/faults');
    await startSecond();
    const view = await run<RunView>('run', 'watch', id);
    expect([view.run.state, view.openObjects]).toEqual(['success', []]);
  });

  it('is forgotten when it is stopped for good, and its VMs are read by the others', async () => {
    const stopped = ended(second);
    second.kill('SIGTERM');
    expect((await stopped).code).toBe(0);
    await until('it to count as lost', async () => (await proxy('px2'))?.online === false);
    await run('proxy', 'remove', 'px2');
    expect(await proxy('px2')).toBeUndefined();
    const view = await run<RunView>('job', 'run', 'nightly');
    expect(view.run.state).toBe('success');
    expect(new Set(view.run.plan?.vms.map(({ proxyId }) => proxyId))).toEqual(new Set(['local']));
  });

  async function restoresEqual({ vms }: RunView, name: string): Promise<void> {
    const vm = vms.find((each) => each.name === name);
    const pointId = vm?.facts.pointId ?? '';
    const target = join(folder, 'restored');
    const restored = await run<RunView>(
      'restore',
      'vm',
      '--point',
      pointId,
      '--to-folder',
      target,
      '--proxy',
      'px2',
    );
    expect(restored.run.target?.proxy).toBe('px2');
    const point = await run<Point>('point', 'show', pointId);
    const truth = await truthOf(lab, name, vm?.facts.vmwareSnapshot?.name ?? '');
    expect(point.facts.disks.length).toBeGreaterThan(0);
    for (const { key, name: disk } of point.facts.disks)
      expect(await sha256OfFile(join(target, `${disk}-flat.vmdk`))).toBe(
        truth.disks.find((each) => each.key === key)?.sha256,
      );
  }
});
