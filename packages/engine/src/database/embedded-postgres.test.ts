import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LeewardError } from '@leeward/core';
import { systemClock } from '@leeward/platform';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EmbeddedPostgres } from './embedded-postgres.ts';
import { choosePostgresIdentity } from './postgres-identity.ts';
import { findPostgresPrograms } from './postgres-programs.ts';
import { runProgram } from './run-program.ts';

let folder: string;
let open: EmbeddedPostgres[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-db-'));
  open = [];
});
afterEach(async () => {
  for (const postgres of open) await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof EmbeddedPostgres.start>[0]> = {}) {
  const postgres = await EmbeddedPostgres.start({ dataFolder: folder, clock: systemClock, ...options });
  open.push(postgres);
  return postgres;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 600; turn++) {
    if (await condition()) return;
    await systemClock.sleep(50);
  }
  throw new Error('it did not come true within 30 s');
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof LeewardError ? error.code : error),
  );
}

test('a data folder serves one server; after a kill -9 of it the next one takes over and nothing is left', async () => {
  const program = fileURLToPath(new URL('./testing/embedded-process.ts', import.meta.url));
  const child = fork(program, [folder], {
    execArgv: ['--conditions=source'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ url, pid }] = (await once(child, 'message')) as [{ url: string; pid: number }];
  await query(url, 'create table kept (value int); ');
  await query(url, 'insert into kept select generate_series(1, 1000)');
  expect(await codeOf(start())).toBe('L-CFG-201');
  expect(await query(url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
  const dead = once(child, 'exit');
  child.kill('SIGKILL');
  await dead;
  const next = await start();
  expect(await query(next.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
  // A dead process that the container's first process has not buried has no folder.
  expect((await runProgram(['readlink', `/proc/${pid}/cwd`])).exitCode).not.toBe(0);
  expect(await codeOf(start())).toBe('L-CFG-201');
});

test('a PostgreSQL that dies is started again once; the second time in a minute is told', async () => {
  const failures: string[] = [];
  const postgres = await start({ onFailed: (error) => failures.push(error.code) });
  await query(postgres.url, 'create table kept (value int)');
  const first = postgres.pid ?? 0;
  process.kill(first, 'SIGKILL');
  await until(() =>
    query(postgres.url, 'select * from kept').then(
      () => postgres.pid !== first,
      () => false,
    ),
  );
  expect(failures).toEqual([]);
  process.kill(postgres.pid ?? 0, 'SIGKILL');
  await until(() => failures.length > 0);
  expect(failures).toEqual(['L-CFG-202']);
});

test('an aborted first start is begun anew; a folder of another version and a broken one are refused', async () => {
  await mkdir(join(folder, 'postgresql.new'));
  await writeFile(join(folder, 'postgresql.new', 'half'), 'a start that was cut off');
  const postgres = await start();
  await postgres.stop();
  expect((await readdir(folder)).sort()).toEqual(['postgresql', 'postgresql.log']);
  await writeFile(join(folder, 'postgresql', 'PG_VERSION'), '17\n');
  expect(await codeOf(start())).toBe('L-CFG-210');
  await writeFile(join(folder, 'postgresql', 'PG_VERSION'), '18\n');
  await writeFile(join(folder, 'postgresql', 'global', 'pg_control'), 'broken');
  expect(await codeOf(start())).toBe('L-CFG-202');
});

test('after the death of all at once a stale lock file, even with the number of a stranger, is no obstacle', async () => {
  const postgres = await start();
  await query(postgres.url, 'create table kept (value int)');
  await postgres.stop();
  await writeFile(join(folder, 'postgresql', 'postmaster.pid'), `${process.pid}\n${folder}\n`);
  const next = await start();
  expect(await query(next.url, 'select * from kept')).toEqual([]);
});

test('a socket folder that somebody else prepared is refused', async () => {
  const runtime = join(folder, 'runtime');
  await mkdir(runtime);
  await symlink('/tmp', join(runtime, `leeward-${process.getuid?.()}`));
  const before = process.env['XDG_RUNTIME_DIR'];
  process.env['XDG_RUNTIME_DIR'] = runtime;
  try {
    expect(await codeOf(start())).toBe('L-CFG-205');
  } finally {
    if (before === undefined) delete process.env['XDG_RUNTIME_DIR'];
    else process.env['XDG_RUNTIME_DIR'] = before;
  }
});

test.skipIf(process.getuid?.() !== 0)('root without user namespaces: PostgreSQL runs as nobody', async () => {
  await chmod(folder, 0o755);
  const identity = await choosePostgresIdentity(await findPostgresPrograms(), {
    userId: 0,
    sharedFolder: join(folder, 'shared'),
    works: async (command) => command[0] !== 'unshare' && (await runProgram(command)).exitCode === 0,
  });
  expect(identity.kind).toBe('nobody');
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o755 });
  for (const round of [1, 2]) {
    const postgres = await start({ identity, dataFolder: data });
    expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await runProgram(['stat', '-c', '%u', `/proc/${postgres.pid}`])).output).toBe('65534');
    await postgres.stop();
    expect(round).toBeGreaterThan(0);
  }
});
