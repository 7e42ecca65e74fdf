import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { systemClock } from '@leeward/platform';
import { afterAll, describe, expect, it } from 'vitest';
import { allowedScript } from './allowed-script.ts';
import { redacted } from './redact.ts';
import { outputBytes, scriptRunner } from './run-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'leeward-scripts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const never = new AbortController().signal;
let made = 0;

function script(body: string, mode = 0o700): string {
  const path = join(folder, `script-${++made}`);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, mode);
  return path;
}

const run = (body: string, timeoutMs = 20_000, signal = never) =>
  scriptRunner(systemClock)(
    { path: script(body), environment: { LEEWARD_JOB: 'a "b" $c' }, timeoutMs },
    signal,
  );

const refusal = async (path: string) => {
  const error = await allowedScript(path).catch((reason: unknown) => reason);
  if (!(error instanceof LeewardError)) throw new Error('it is allowed');
  return [error.code, error.details['reason']];
};

describe('a script may be run', () => {
  it('when it is an executable that nobody else can change; through a link too', async () => {
    const path = script('true');
    expect(await allowedScript(path)).toBe(path);
    const link = join(folder, 'link');
    symlinkSync(path, link);
    expect(await allowedScript(link)).toBe(path);
    expect(await allowedScript('/bin/sh')).toMatch(/^\//);
  });

  it.each([
    ['a relative path', () => 'script.sh', 'it is no absolute path'],
    ['nothing', () => join(folder, 'none'), 'there is no such file'],
    ['a folder', () => folder, 'it is no file'],
    ['no executable', () => script('true', 0o600), 'it is not executable'],
    ['writable by others', () => script('true', 0o702), 'it can be written to by others (mode 702)'],
    ['writable by the group', () => script('true', 0o720), 'it can be written to by others (mode 720)'],
  ])('but not %s', async (_, path, reason) => {
    // Root may execute nothing that has no bit for it either.
    expect(await refusal(path())).toEqual(['L-CFG-140', reason]);
  });

  it('but not in a folder that others can write to, also one above a link', async () => {
    const open = join(folder, 'open');
    mkdirSync(join(open, 'inner'), { recursive: true });
    chmodSync(open, 0o777);
    const path = join(open, 'inner', 'x');
    symlinkSync(script('true'), path);
    expect(await refusal(path)).toEqual([
      'L-CFG-140',
      `the folder ${open} can be written to by others (mode 777)`,
    ]);
  });

  it.skipIf(process.getuid?.() !== 0)('but not one of another user', async () => {
    const { chownSync } = await import('node:fs');
    const path = script('true');
    chownSync(path, 12_345, 0);
    expect(await refusal(path)).toEqual(['L-CFG-140', 'it belongs to another user (12345)']);
  });
});

/** Of a process: one letter. */
function stateOf(pid: string): string {
  try {
    return /\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';
  } catch {
    return 'gone';
  }
}

describe('running it', () => {
  it('gives it a minimal environment, no arguments and no input', async () => {
    const { output, failure } = await run('echo "$#"; cat; pwd; env | sort; echo told >&2');
    expect(failure).toBeUndefined();
    const lines = output.split('\n').filter((line) => !/^(_|SHLVL|OLDPWD)=/.test(line));
    expect(lines.toSorted()).toEqual([
      ...['/', '0', 'LANG=C.UTF-8', 'LEEWARD_JOB=a "b" $c'],
      ...['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'PWD=/', 'told'],
    ]);
  });

  it('says how it failed', async () => {
    expect(await run('echo no; exit 3')).toEqual({ failure: 'it ended with code 3', output: 'no' });
    expect((await run('kill -9 $$')).failure).toBe('it was ended by SIGKILL');
    const path = join(folder, 'strange');
    writeFileSync(path, '#!/no/such/interpreter\n');
    chmodSync(path, 0o700);
    const call = { path, environment: {}, timeoutMs: 1_000 };
    expect((await scriptRunner(systemClock)(call, never)).failure).toMatch(/^it cannot be started: /);
  });

  it('ends one that takes too long, with all that it started', async () => {
    const pid = join(folder, 'pid');
    const { failure } = await run(`sleep 600 & echo $! > ${pid}; wait`, 300);
    expect(failure).toBe('it took longer than 0.3 s and was ended');
    // Nobody may have asked yet how it ended.
    expect(stateOf(readFileSync(pid, 'utf8').trim())).toMatch(/^(gone|Z)$/);
  });

  it('ends it when its run is cancelled, and does not wait for what it left behind', async () => {
    const stop = new AbortController();
    const running = run('sleep 600', 60_000, stop.signal);
    systemClock.after(200, () => stop.abort(new LeewardError('L-RUN-102')));
    await expect(running).rejects.toMatchObject({ code: 'L-RUN-102' });
    const { failure, output } = await run('sleep 8 & echo done');
    expect([failure, output]).toEqual([undefined, 'done']);
  });

  it('keeps the end of a long output, in whole lines', async () => {
    const { output } = await run('i=0; while [ $i -lt 9000 ]; do echo "line $i of many"; i=$((i+1)); done');
    expect(output.length).toBeLessThanOrEqual(outputBytes + 2);
    expect(output).toMatch(/^… line \d+ of many\n[\s\S]*line 8999 of many$/);
  });
});

it('hides secrets that are known, and what looks like one', () => {
  const known = ['hunter2!', '{"password":"s3cr3t value","user":"svc"}', 'ab'];
  const text = [
    'login with hunter2! and s3cr3t value, ab',
    'db_password=abc123 next',
    '"apiKey": "k-99"',
    'Authorization: Bearer eyJhbGciOi',
    'postgres://leeward:p4ss@host/db',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
  ].join('\n');
  expect(redacted(text, known).split('\n')).toEqual([
    'login with [hidden] and [hidden], ab',
    'db_password=[hidden] next',
    '"apiKey": [hidden]',
    'Authorization: [hidden]',
    'postgres://leeward:[hidden]@host/db',
    '[hidden]',
  ]);
});
