import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecretKey } from './secret-key.ts';
import { secretKeyEnvironment, secretKeySourceOf } from './secret-key-source.ts';

const digits = 'c0ffee'.padEnd(64, '0');
const key = Buffer.from(digits, 'hex');
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-key-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the key of the data folder', () => {
  it('is made once, for its owner only', async () => {
    const made = await loadSecretKey(folder);
    expect(made).toHaveLength(32);
    expect(await loadSecretKey(folder)).toEqual(made);
    expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600);
  });

  it('is refused when others can read it, and when it is damaged', async () => {
    const path = join(folder, 'secret.key');
    await writeFile(path, 'no key', { mode: 0o600 });
    await expect(loadSecretKey(folder)).rejects.toMatchObject({ code: 'L-CFG-112' });
    await chmod(path, 0o640);
    await expect(loadSecretKey(folder)).rejects.toMatchObject({ code: 'L-CFG-111' });
    expect(await readFile(path, 'utf8')).toBe('no key');
  });
});

describe('a key that is given', () => {
  it('comes from a file, the output of a command, or the environment, and none is made', async () => {
    const file = join(folder, 'my.key');
    await writeFile(file, `${digits.toUpperCase()}\n`, { mode: 0o600 });
    expect(await loadSecretKey(folder, { file })).toEqual(key);
    expect(await loadSecretKey(folder, { command: `cat '${file}'` })).toEqual(key);
    expect(await loadSecretKey(folder, { value: digits })).toEqual(key);
    expect(await readdir(folder)).toEqual(['my.key']);
  });

  it.each([
    ['a value that is no key', { value: digits.slice(1) }],
    ['a file that is not there', { file: '/nowhere/key' }],
    ['a command that fails', { command: `echo ${digits}; exit 3` }],
    ['a command that says nothing', { command: 'true' }],
    ['a command that is not there', { command: 'no-such-program-of-leeward' }],
    ['a command that says too much', { command: 'yes | head -c 100000' }],
  ])('is refused: %s; nothing of it is told', async (_what, source) => {
    const failure = await loadSecretKey(folder, source).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'L-AUT-130' });
    const told = JSON.stringify((failure as { details: object }).details);
    for (const secret of [digits.slice(1), 'echo', 'yes']) expect(told).not.toContain(secret);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused as a file that others can read', async () => {
    const file = join(folder, 'my.key');
    await writeFile(file, digits, { mode: 0o644 });
    await expect(loadSecretKey(folder, { file })).rejects.toMatchObject({ code: 'L-CFG-111' });
  });
});

describe('where the environment says that it comes from', () => {
  it('is one place, and the same for a process that gets it handed on', () => {
    expect(secretKeySourceOf({})).toEqual({});
    expect(secretKeySourceOf({ LEEWARD_SECRET_KEY: '', LEEWARD_SECRET_KEY_FILE: '/k' })).toEqual({
      file: '/k',
    });
    const source = { command: 'pass leeward' };
    expect(secretKeySourceOf(secretKeyEnvironment(source))).toEqual(source);
    const two = { LEEWARD_SECRET_KEY: digits, LEEWARD_SECRET_KEY_FILE: '/k' };
    expect(() => secretKeySourceOf(two)).toThrow(/L-AUT-130.*more than one/);
  });
});
