import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { bounded, type Clock } from '@leeward/core';
import { siblingModule, writeFileDurably } from '@leeward/platform';

export interface SimulatorStart {
  /** Folder under `src` that holds the simulator's `main`. */
  readonly kind: 'ontap' | 'nimble' | 'vcenter';
  readonly name: string;
  readonly config: object;
  readonly folder: string;
  readonly clock: Clock;
}

export interface StartedSimulator {
  readonly pid: number;
  /** The line that the simulator prints when it is ready. */
  readonly ready: unknown;
}

const startTimeoutMs = 120_000;

/** Starts a simulator as a process that outlives this one, and waits until it says that it is ready. */
export async function startSimulator(start: SimulatorStart): Promise<StartedSimulator> {
  const { kind, name, config, folder, clock } = start;
  const configPath = join(folder, `${name}.config.json`);
  await writeFileDurably(configPath, JSON.stringify(config, null, 2), { mode: 0o600 });
  const log = openSync(join(folder, `${name}.log`), 'a', 0o600);
  const main = siblingModule(import.meta.url, `../${kind}/main`);
  const child = spawn(process.execPath, [...process.execArgv, main.pathname, configPath], {
    detached: true,
    stdio: ['ignore', 'pipe', log],
  });
  try {
    const bound = { name: `simulator ${name} to start`, timeoutMs: startTimeoutMs };
    const line = await bounded(clock, bound, () => firstLine(child, name, join(folder, `${name}.log`)));
    child.stdout?.destroy();
    child.unref();
    if (child.pid === undefined) throw new Error(`simulator ${name} has no process id`);
    return { pid: child.pid, ready: JSON.parse(line) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function firstLine(child: ChildProcess, name: string, log: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`simulator ${name} ended with ${code}; see ${log}`)));
  });
}

/** True while a process of that id exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
