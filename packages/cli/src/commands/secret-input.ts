import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { LeewardError } from '@leeward/core';

export interface SecretSource {
  /** Path of a file whose first line is the secret. */
  readonly file?: string | undefined;
  /** Environment variable to take it from when no file is named. */
  readonly environment: string;
  readonly prompt: string;
}

/** A secret by file, environment or prompt; never as an argument, which every user of the machine can read. */
export async function readSecret(source: SecretSource): Promise<string> {
  if (source.file !== undefined) return firstLine(source.file);
  const fromEnvironment = process.env[source.environment];
  if (fromEnvironment !== undefined) return fromEnvironment;
  if (process.stdin.isTTY !== true) {
    const problem = `a secret is needed: give a file (see --help) or set ${source.environment}`;
    throw new LeewardError('L-CFG-103', { problem });
  }
  return askHidden(source.prompt);
}

async function firstLine(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).split(/\r?\n/)[0] ?? '';
  } catch (error) {
    const problem = `the file ${path} cannot be read (${error instanceof Error ? error.message : error})`;
    throw new LeewardError('L-CFG-103', { problem }, error);
  }
}

async function askHidden(prompt: string): Promise<string> {
  process.stderr.write(`${prompt}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await reader.question('');
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}

/** Yes or no on a terminal; no where nobody can be asked. */
export async function confirm(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) return false;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await reader.question(`${question} [y/N] `)).trim());
  } finally {
    reader.close();
  }
}
