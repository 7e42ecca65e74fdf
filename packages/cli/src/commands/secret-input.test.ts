import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted } from '../process/interrupted.ts';
import { confirm, readSecret, type Terminal } from './secret-input.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

const source = { environment: 'LEEWARD_PASSWORD', prompt: 'Password' };

/** A terminal on which somebody types. */
function terminal(typed: string, environment: NodeJS.ProcessEnv = {}, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  if (typed !== '') setTimeout(() => input.write(typed), 20);
  const shown = () => String(output.read() ?? '');
  return { terminal: { input, output, environment } satisfies Terminal, shown };
}

async function fileOf(text: string): Promise<string> {
  const path = join(folder, 'secret');
  await writeFile(path, text);
  return path;
}

describe('readSecret', () => {
  it.each([
    ['one\n', 'one'],
    ['one\r\ntwo\n', 'one'],
    [' with blanks ', ' with blanks '],
  ])('takes the first line of a file %j', async (text, secret) => {
    expect(await readSecret({ ...source, file: await fileOf(text) })).toBe(secret);
  });

  it('takes the file before the environment, and the environment before a prompt', async () => {
    const { terminal: there } = terminal('typed\n', { LEEWARD_PASSWORD: 'environment' });
    expect(await readSecret({ ...source, file: await fileOf('file\n') }, there)).toBe('file');
    expect(await readSecret(source, there)).toBe('environment');
  });

  it('asks on a terminal without showing what is typed', async () => {
    const { terminal: there, shown } = terminal('s3cret\r');
    expect(await readSecret(source, there)).toBe('s3cret');
    expect(shown()).toBe('Password: \n');
  });

  it('ends at Ctrl-C', async () => {
    const { terminal: there } = terminal('s3c\x03');
    await expect(readSecret(source, there)).rejects.toThrow(Interrupted);
  });

  it.each([
    ['a file that is not there', async () => readSecret({ ...source, file: '/nowhere/secret' })],
    ['an empty file', async () => readSecret({ ...source, file: await fileOf('\n') })],
    ['an empty variable', async () => readSecret(source, terminal('', { LEEWARD_PASSWORD: '' }).terminal)],
    ['an empty answer', async () => readSecret(source, terminal('\r').terminal)],
    ['no terminal', async () => readSecret(source, terminal('', {}, false).terminal)],
  ])('refuses %s', async (_what, read) => {
    await expect(read()).rejects.toMatchObject({ code: 'L-CFG-103' });
  });
});

describe('confirm', () => {
  it.each([
    ['y\r', true],
    ['YES\r', true],
    ['n\r', false],
    ['\r', false],
    ['\x04', false],
  ])('%j is %s', async (typed, answer) => {
    expect(await confirm('Sure?', terminal(typed).terminal)).toBe(answer);
  });

  it('is no where nobody can be asked', async () => {
    expect(await confirm('Sure?', terminal('y\n', {}, false).terminal)).toBe(false);
  });
});
