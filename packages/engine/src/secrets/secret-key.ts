import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LeewardError } from '@leeward/core';
import { writeFileDurably } from '@leeward/platform';
import { nameOfSource, type SecretKeySource } from './secret-key-source.ts';

const keyBytes = 32;
const commandTimeoutMs = 30_000;

/**
 * The key under which secrets are encrypted in the database: from `source`, else file `secret.key` in the data folder,
 * made at the first start, readable by its owner only. Losing it loses the stored passwords, not the backups. Throws
 * `L-AUT-130` where a given source has no key, `L-CFG-111` for a file that others can read, `L-CFG-112` for a damaged one.
 */
export async function loadSecretKey(dataFolder: string, source: SecretKeySource = {}): Promise<Buffer> {
  const { file, command, value } = source;
  if (value !== undefined) return given(source, async () => value);
  if (command !== undefined) return given(source, () => outputOf(command));
  if (file !== undefined) return given(source, () => privateText(file));
  const path = join(dataFolder, 'secret.key');
  try {
    const key = keyOf(await privateText(path));
    if (!key) throw new LeewardError('L-CFG-112', { path });
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const key = randomBytes(keyBytes);
    await writeFileDurably(path, `${key.toString('hex')}\n`, { mode: 0o600 });
    return key;
  }
}

async function given(source: SecretKeySource, read: () => Promise<string>): Promise<Buffer> {
  const fail = (reason: string, cause?: unknown) =>
    new LeewardError('L-AUT-130', { source: nameOfSource(source), reason }, cause);
  let text: string;
  try {
    text = await read();
  } catch (error) {
    if (error instanceof LeewardError) throw error;
    // Neither the command nor what it wrote: both may hold secrets.
    const { code, signal, message } = error as NodeJS.ErrnoException & { readonly signal?: string };
    const isCommand = source.command !== undefined;
    throw fail(isCommand ? `it ended with ${signal ?? code ?? 'an error'}` : message, error);
  }
  const key = keyOf(text);
  if (!key) throw fail('it is not 64 hexadecimal digits');
  return key;
}

function keyOf(text: string): Buffer | undefined {
  const digits = text.trim();
  return /^[0-9a-f]{64}$/i.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}

async function privateText(path: string): Promise<string> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw new LeewardError('L-CFG-111', { path });
  return readFile(path, 'utf8');
}

async function outputOf(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], {
    timeout: commandTimeoutMs,
    maxBuffer: 64 * 1024,
  });
  return stdout;
}
