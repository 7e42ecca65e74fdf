import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = join(import.meta.dirname, '..', '..', 'scripts');
const lockOf = (version: string) => ({
  packages: {
    '': {},
    'packages/cli': {},
    'node_modules/typescript': { version, integrity: 'sha512-a' },
    'node_modules/other-platform': { version: '1.0.0', integrity: 'x', optional: true, os: ['beos'] },
  },
});

/** Stands in for npm: notes each call, installs what package-lock.json names, or fails as FAKE_NPM says. */
const fakeNpm = `#!${process.execPath}
const fs = require('node:fs');
fs.appendFileSync('calls', 'npm ' + process.argv.slice(2).join(' ') + '\\n');
const fails = process.env.FAKE_NPM;
if (fails) { console.error('npm error code ' + fails); process.exit(1); }
setTimeout(() => {
  fs.rmSync('node_modules', { recursive: true, force: true });
  fs.mkdirSync('node_modules/typescript/bin', { recursive: true });
  fs.copyFileSync('tsc.js', 'node_modules/typescript/bin/tsc');
  const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
  delete packages['node_modules/other-platform'];
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
  fs.appendFileSync('calls', 'npm done\\n');
}, Number(process.env.FAKE_NPM_MS ?? 0));
`;

/** Stands in for the compiler: copies the one source, or fails when that says so. */
const fakeTsc = `
const fs = require('node:fs');
fs.appendFileSync('calls', 'tsc ' + process.argv.slice(2).join(' ') + '\\n');
const source = fs.readFileSync('packages/cli/src/main.ts', 'utf8');
if (source.includes('TYPE ERROR')) { console.log('main.ts(1,1): error TS2322: nope'); process.exit(1); }
fs.mkdirSync('packages/cli/dist', { recursive: true });
fs.writeFileSync('packages/cli/dist/index.js', '');
fs.copyFileSync('packages/cli/src/main.ts', 'packages/cli/dist/main.js');
`;

/** Stands in for the builder of the console. */
const fakeVite = `
const fs = require('node:fs');
fs.appendFileSync('calls', 'vite\\n');
const folder = process.argv.at(-1);
if (fs.readFileSync(folder + '/index.html', 'utf8') === 'BROKEN') { console.error('it is broken'); process.exit(1); }
fs.mkdirSync(folder + '/dist', { recursive: true });
fs.writeFileSync(folder + '/dist/index.html', '');
`;

const product = `
const fs = require('node:fs');
console.log(JSON.stringify(process.argv.slice(2)));
const word = process.argv[2];
if (word === 'exit') process.exitCode = 7;
if (word === 'die') process.kill(process.pid, 'SIGKILL');
if (word === 'wait') {
  process.on('SIGTERM', () => { fs.appendFileSync('calls', 'got SIGTERM\\n'); process.exit(5); });
  fs.appendFileSync('calls', 'waiting\\n');
  setInterval(() => {}, 1000);
}
`;

describe('the launcher', () => {
  let clone = '';
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), text, { mode: 0o755 });
  };
  const calls = () =>
    existsSync(join(clone, 'calls')) ? readFileSync(join(clone, 'calls'), 'utf8').trim().split('\n') : [];
  const forget = () => rmSync(join(clone, 'calls'), { force: true });
  const environment = (extra: Record<string, string> = {}) => {
    const { npm_execpath: _npm, LEEWARD_NODE: _node, INIT_CWD: _cwd, ...rest } = process.env;
    return { ...rest, PATH: `${join(clone, 'bin')}${delimiter}${process.env['PATH']}`, ...extra };
  };
  const run = (args: string[], extra?: Record<string, string>) =>
    spawnSync(process.execPath, [join(clone, 'scripts', 'run.mjs'), ...args], {
      cwd: clone,
      env: environment(extra),
      encoding: 'utf8',
    });
  const begin = (args: string[], extra?: Record<string, string>): ChildProcess =>
    spawn(process.execPath, [join(clone, 'scripts', 'run.mjs'), ...args], {
      cwd: clone,
      env: environment(extra),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const until = async (line: string) => {
    for (let turn = 0; turn < 1500 && !calls().includes(line); turn++) await sleep(20);
    expect(calls()).toContain(line);
  };
  const ended = (child: ChildProcess) =>
    new Promise<{ code: number | null; signal: string | null }>((resolve) =>
      child.once('close', (code, signal) => resolve({ code, signal })),
    );
  const installCall = 'npm ci --include=dev --include=optional --no-audit --no-fund --loglevel=error';

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'leeward launcher '));
    cpSync(scripts, join(clone, 'scripts'), { recursive: true });
    write('package.json', '{}');
    write('package-lock.json', JSON.stringify(lockOf('1.0.0')));
    write('tsconfig.json', '{}');
    write('tsconfig.base.json', '{}');
    write('packages/cli/package.json', '{}');
    write('packages/cli/src/main.ts', product);
    write('packages/cli/src/index.ts', '');
    write('bin/npm', fakeNpm);
    write('tsc.js', fakeTsc);
  });
  afterEach(() => rmSync(clone, { recursive: true, force: true }));

  it('installs and builds in a fresh clone, and does neither again', () => {
    const first = run(['demo', '--size', '1']);
    expect(first).toMatchObject({ status: 0, stdout: '["demo","--size","1"]\n' });
    expect(first.stderr).toMatch(/installing packages.*\n.*packages installed in .* s\n.*built in .* s\n$/);
    expect(calls()).toEqual([installCall, 'npm done', 'tsc -b']);
    forget();
    expect(run(['start', '--port', '0'])).toMatchObject({
      status: 0,
      stdout: '["server","start","--port","0"]\n',
      stderr: '',
    });
    expect(calls()).toEqual([]);
  });

  it('installs again when package-lock.json changed, and builds when a source did, but not for a test', () => {
    run(['demo']);
    forget();
    write('package-lock.json', JSON.stringify(lockOf('2.0.0')));
    run(['demo']);
    expect(calls()).toEqual([installCall, 'npm done', 'tsc -b']);
    forget();
    write('packages/cli/src/main.ts', `${product}// changed`);
    write('packages/cli/src/main.test.ts', 'new');
    run(['demo']);
    expect(calls()).toEqual(['tsc -b']);
    forget();
    write('packages/cli/src/main.test.ts', 'changed');
    run(['demo']);
    expect(calls()).toEqual([]);
    rmSync(join(clone, 'packages/cli/dist'), { recursive: true });
    run(['demo']);
    expect(calls()).toEqual(['tsc -b']);
  });

  it('builds the console when its sources changed, and runs without it where it cannot be built', () => {
    run(['demo']);
    write('node_modules/vite/bin/vite.js', fakeVite);
    write('packages/console/package.json', '{}');
    write('packages/console/index.html', 'fine');
    expect(run(['demo'])).toMatchObject({ status: 0, stderr: expect.stringMatching(/console built in/) });
    forget();
    expect(run(['demo'])).toMatchObject({ status: 0, stderr: '' });
    write('packages/console/index.html', 'BROKEN');
    const without = run(['start']);
    expect(without).toMatchObject({ status: 0, stdout: '["server","start"]\n' });
    expect(without.stderr).toMatch(/console could not be built.*\nit is broken\n$/);
    expect(run(['demo'])).toMatchObject({ status: 0, stderr: '' });
    expect(run(['start']).stderr).toContain('it is broken');
    expect(calls()).toEqual(['vite', 'vite']);
  });

  it('accepts an install by hand without scripts, and is not fooled by a stamp of older packages', () => {
    spawnSync(join(clone, 'bin/npm'), ['ci', '--ignore-scripts'], { cwd: clone, env: environment() });
    forget();
    run(['demo']);
    expect(calls()).toEqual(['tsc -b']);
    forget();
    const newer = JSON.stringify(lockOf('2.0.0'));
    write('package-lock.json', newer);
    spawnSync(process.execPath, [join(clone, 'scripts/stamp.mjs')], { cwd: clone });
    const stamp = readFileSync(join(clone, 'node_modules/.leeward/installed'), 'utf8');
    expect(stamp).not.toBe(createHash('sha256').update(newer).digest('hex'));
    run(['demo']);
    expect(calls()).toEqual([installCall, 'npm done', 'tsc -b']);
  });

  it('sets up once when several are started at once', async () => {
    const all = [1, 2, 3].map((n) => ended(begin(['leeward', String(n)], { FAKE_NPM_MS: '400' })));
    expect(await Promise.all(all)).toEqual(Array(3).fill({ code: 0, signal: null }));
    expect(calls()).toEqual([installCall, 'npm done', 'tsc -b']);
    expect(existsSync(join(clone, '.stamps/set-up.lock'))).toBe(false);
  });

  it('takes over the lock of a launcher that died, also when its number was given away again', async () => {
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    for (const holder of [`${dead} 1\n`, `${process.pid} 1\n`, '']) {
      write('.stamps/set-up.lock', holder);
      rmSync(join(clone, 'node_modules'), { recursive: true, force: true });
      expect(run(['leeward'])).toMatchObject({ status: 0 });
    }
    rmSync(join(clone, 'node_modules'), { recursive: true, force: true });
    forget();
    const launcher = begin(['leeward'], { FAKE_NPM_MS: '1500' });
    await until(installCall);
    launcher.kill('SIGKILL');
    await ended(launcher);
    expect(run(['leeward'])).toMatchObject({ status: 0 });
    // The npm that the dead launcher left behind was waited for, and its work was not done twice.
    expect(calls()).toEqual([installCall, 'npm done']);
  });

  it('gives the lock back and ends npm when it is told to end', async () => {
    const launcher = begin(['leeward'], { FAKE_NPM_MS: '60000' });
    await until(installCall);
    launcher.kill('SIGTERM');
    expect(await ended(launcher)).toEqual({ code: null, signal: 'SIGTERM' });
    expect(calls()).not.toContain('npm done');
    expect(existsSync(join(clone, '.stamps/set-up.lock'))).toBe(false);
  });

  it.each([
    ['ENOTFOUND', /registry cannot be reached/],
    ['ENOSPC', /disk is full/],
    ['EUSAGE', /do not fit together/],
    ['EACCES', /may not write/],
    ['E418', /npm error code E418/],
  ])('says what to do when npm ends with %s', (code, text) => {
    const { status, stderr } = run(['demo'], { FAKE_NPM: code });
    expect(status).toBe(1);
    expect(stderr).toMatch(/npm ci failed after/);
    expect(stderr).toMatch(text);
    expect(stderr).not.toMatch(/ {4}at /);
    expect(existsSync(join(clone, '.stamps/set-up.lock'))).toBe(false);
  });

  it('shows what the compiler says, and builds again the next time', () => {
    write('packages/cli/src/main.ts', 'TYPE ERROR');
    const failed = run(['demo']);
    expect(failed).toMatchObject({ status: 1 });
    expect(failed.stderr).toMatch(/the build failed.*\n.*error TS2322/);
    write('packages/cli/src/main.ts', product);
    expect(run(['demo'])).toMatchObject({ status: 0 });
  });

  it('refuses verbs that it does not have and a LEEWARD_NODE that will not do', () => {
    expect(run(['toString']).stderr).toMatch(/"toString" is not a verb/);
    run(['demo']);
    const missing = run(['demo'], { LEEWARD_NODE: join(clone, 'none') });
    expect(missing.stderr).toMatch(/cannot be run/);
    write('old-node', '#!/bin/sh\necho v20.20.2\n');
    expect(run(['demo'], { LEEWARD_NODE: join(clone, 'old-node') }).stderr).toMatch(
      /Node 20.20.2; Leeward runs/,
    );
    expect(run(['leeward', 'a'], { LEEWARD_NODE: process.execPath })).toMatchObject({ stdout: '["a"]\n' });
  });

  it('ends as the product ends and hands signals on', async () => {
    expect(run(['leeward', 'exit'])).toMatchObject({ status: 7 });
    expect(run(['leeward', 'die'])).toMatchObject({ status: null, signal: 'SIGKILL' });
    const launcher = begin(['leeward', 'wait']);
    await until('waiting');
    launcher.kill('SIGTERM');
    expect(await ended(launcher)).toEqual({ code: 5, signal: null });
    expect(calls()).toContain('got SIGTERM');
  });

  it.skipIf(!existsSync('/usr/bin/setpriv'))(
    'leaves nothing running when it is killed outright',
    async () => {
      const launcher = begin(['leeward', 'wait']);
      await until('waiting');
      launcher.kill('SIGKILL');
      await until('got SIGTERM');
    },
  );
});
