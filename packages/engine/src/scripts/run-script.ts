import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '@leeward/core';
import { allowedScript } from './allowed-script.ts';

export interface ScriptCall {
  readonly path: string;
  /** Added to a minimal environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface ScriptResult {
  /** Why it did not succeed; absent when it did. */
  readonly failure?: string;
  /** The end of what it wrote to standard output and error, as it came. */
  readonly output: string;
}

/**
 * Runs a script of the administrator to its end, in a process group of its own, without a shell, arguments or input.
 * One that takes too long is ended. Throws `L-CFG-140` for a file that may not be run, and the signal's reason, with the
 * script ended, when that aborts.
 */
export type RunScript = (call: ScriptCall, signal: AbortSignal) => Promise<ScriptResult>;

/** The last of the output that is kept. */
export const outputBytes = 16_384;
const graceMs = 5_000;
/** Something that it left running may hold its output open. */
const drainMs = 1_000;

const plainEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
};

export function scriptRunner(clock: Clock): RunScript {
  return async ({ path, environment, timeoutMs }, signal) => {
    const file = await allowedScript(path);
    signal.throwIfAborted();
    const child = spawn(file, [], {
      cwd: '/',
      detached: true,
      env: { ...plainEnvironment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const tail = new Tail();
    child.stdout?.on('data', (chunk: Buffer) => tail.add(chunk));
    child.stderr?.on('data', (chunk: Buffer) => tail.add(chunk));
    let isLate = false;
    const timer = clock.after(timeoutMs, () => {
      isLate = true;
      end(child, clock);
    });
    const onAbort = () => end(child, clock);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const failure = await outcomeOf(child, clock);
      signal.throwIfAborted();
      const late = isLate ? `it took longer than ${timeoutMs / 1_000} s and was ended` : undefined;
      const told = late ?? failure;
      return { ...(told === undefined ? {} : { failure: told }), output: tail.text() };
    } finally {
      timer.cancel();
      signal.removeEventListener('abort', onAbort);
    }
  };
}

function outcomeOf(child: ChildProcess, clock: Clock): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      const failure = signal
        ? `it was ended by ${signal}`
        : code === 0
          ? undefined
          : `it ended with code ${code}`;
      const timer = clock.after(drainMs, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
      child.once('close', () => {
        timer.cancel();
        resolve(failure);
      });
    });
  });
}

/** With everything that it started: asked first, then killed. */
function end(child: ChildProcess, clock: Clock): void {
  killGroup(child, 'SIGTERM');
  const timer = clock.after(graceMs, () => killGroup(child, 'SIGKILL'));
  child.once('close', () => timer.cancel());
}

function killGroup({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Keeps the end of a stream. */
class Tail {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isCut = false;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < 4 * outputBytes) return;
    const end = Buffer.concat(this.#chunks).subarray(-outputBytes);
    this.#isCut = true;
    this.#chunks = [Buffer.from(end)];
    this.#bytes = end.length;
  }

  /** Without the line that was cut through: half a secret in it would not be recognized. */
  text(): string {
    const all = Buffer.concat(this.#chunks);
    const end = all.subarray(-outputBytes);
    if (!this.#isCut && end.length === all.length) return end.toString('utf8').trim();
    const line = end.indexOf('\n');
    return `… ${
      line < 0
        ? ''
        : end
            .subarray(line + 1)
            .toString('utf8')
            .trim()
    }`;
  }
}
