import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { LeewardError } from '@leeward/core';
import { Interrupted } from '../process/interrupted.ts';

export interface SecretSource {
  /** Path of a file whose first line is the secret. */
  readonly file?: string | undefined;
  /** Environment variable to take it from when no file is named. */
  readonly environment: string;
  readonly prompt: string;
}

/** Where a user can be asked. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
  readonly environment: NodeJS.ProcessEnv;
}

const here: Terminal = { input: process.stdin, output: process.stderr, environment: process.env };

/** A secret by file, environment or prompt; never as an argument, which every user of the machine can read. */
export async function readSecret(source: SecretSource, terminal: Terminal = here): Promise<string> {
  const { file, environment, prompt } = source;
  if (file !== undefined) return required(await firstLine(file), `the file ${file}`);
  const fromEnvironment = terminal.environment[environment];
  if (fromEnvironment !== undefined) return required(fromEnvironment, environment);
  if (terminal.input.isTTY !== true)
    throw invalid(`a secret is needed: give a file (see --help) or set ${environment}`);
  return required(await ask(`${prompt}: `, terminal, true), 'the answer');
}

/** Yes or no on a terminal; no where nobody can be asked. */
export async function confirm(question: string, terminal: Terminal = here): Promise<boolean> {
  if (terminal.input.isTTY !== true) return false;
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `, terminal, false)).trim());
}

/** Throws `L-CFG-103` for a file that cannot be read. */
export async function firstLine(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).split(/\r?\n/)[0] ?? '';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(`the file ${path} cannot be read (${reason})`, error);
  }
}

/** Ends with `Interrupted` at Ctrl-C, and with an empty answer when the terminal goes away. */
async function ask(question: string, { input, output }: Terminal, hidden: boolean): Promise<string> {
  output.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: hidden ? silent : output, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once('SIGINT', () => reject(new Interrupted('interrupted; nothing was done')));
      reader.once('close', () => resolve(''));
      reader.question('').then(resolve, reject);
    });
  } finally {
    reader.close();
    if (hidden) output.write('\n');
  }
}

function required(secret: string, where: string): string {
  if (secret === '') throw invalid(`a secret is needed, but ${where} is empty`);
  return secret;
}

function invalid(problem: string, cause?: unknown): LeewardError {
  return new LeewardError('L-CFG-103', { problem }, cause);
}
