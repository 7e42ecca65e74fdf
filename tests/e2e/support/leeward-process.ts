import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const main = join(import.meta.dirname, '..', '..', '..', 'packages', 'cli', 'src', 'main.ts');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line as a process of its own; its streams are pipes. */
export function startLeeward(words: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  const { DATABASE_URL: _url, LEEWARD_LOG: _log, LEEWARD_DATA: _data, ...inherited } = process.env;
  const argv = ['--conditions=source', '--disable-warning=ExperimentalWarning', main, ...words];
  return spawn(process.execPath, argv, {
    // Several servers run side by side.
    env: { LEEWARD_LISTEN: 'none', ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for the first output of a command that goes on; rejects with what it said when it ends before. */
export async function saysSomething(child: ChildProcess): Promise<void> {
  const end = ended(child);
  await Promise.race([
    once(child.stdout ?? child, 'data'),
    end.then(({ code, stderr }) => {
      throw new Error(`it ended with ${code}: ${stderr.slice(-2_000)}`);
    }),
  ]);
}

/** Runs a command to its end; one that does not end within `timeoutMs` is killed, and `signal` says so. */
export function leeward(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  timeoutMs = 60_000,
): Promise<Ended> {
  const child = startLeeward(words, environment);
  const late = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  return ended(child).finally(() => clearTimeout(late));
}

/** What a process wrote and how it ended. */
export function ended(child: ChildProcess): Promise<Ended> {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => setTimeout(() => resolve({ code, signal, ...text }), 50));
  });
}
