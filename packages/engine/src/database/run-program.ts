import { spawn } from 'node:child_process';

export interface ProgramResult {
  /** `undefined`: could not be started at all. */
  readonly exitCode: number | undefined;
  /** Standard output and error, as they came. */
  readonly output: string;
}

/** Runs a short program to its end. Never throws; the environment is reduced to what programs need. */
export function runProgram(command: readonly string[]): Promise<ProgramResult> {
  const [file = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: plainEnvironment() });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const output = () => Buffer.concat(chunks).toString('utf8').trim();
    child.once('error', (error) => resolve({ exitCode: undefined, output: error.message }));
    child.once('close', (code) => resolve({ exitCode: code ?? 255, output: output() }));
  });
}

/** Without PGDATA, PGPORT, LC_ALL and the like of the caller, which would change what PostgreSQL does. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
