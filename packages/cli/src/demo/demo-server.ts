import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bounded, type Clock } from '@leeward/core';
import { siblingModule } from '@leeward/platform/files/sibling-module';
import { apiSocketPath } from '@leeward/server/process/data-folder';
import { ApiClient } from '../api/api-client.ts';
import { socketAnswers } from '../api/socket-answers.ts';

/** A server as a process of its own on a data folder of its own, with its log in a file. */
export interface DemoServer {
  readonly api: ApiClient;
  readonly dataFolder: string;
  readonly logPath: string;
  readonly pid: number;
  /** Waits until the process has ended. */
  stop(): Promise<void>;
  /** Lets the process live on after this one. */
  leaveRunning(): Promise<void>;
}

const startTimeoutMs = 120_000;

export async function startDemoServer(
  dataFolder: string,
  clock: Clock,
  interrupt: AbortSignal,
): Promise<DemoServer> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const logPath = join(dataFolder, 'server.log');
  const log = openSync(logPath, 'a', 0o600);
  const main = siblingModule(import.meta.url, '../main');
  const child = spawn(process.execPath, [...process.execArgv, main.pathname, 'server', 'start'], {
    detached: true,
    stdio: ['ignore', 'ignore', log],
    env: {
      ...process.env,
      ...{ LEEWARD_DATA: dataFolder, DATABASE_URL: '' },
      // Nobody is asked to sign in; several may run side by side.
      LEEWARD_LISTEN: process.env['LEEWARD_LISTEN'] ?? 'none',
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const socketPath = await apiSocketPath(dataFolder);
  const bound = { name: 'the server to start', timeoutMs: startTimeoutMs, signal: interrupt };
  try {
    await bounded(clock, bound, (signal) => untilAnswers(child, socketPath, logPath, clock, signal));
  } catch (error) {
    child.kill('SIGTERM');
    await ended;
    throw error;
  }
  const api = new ApiClient(socketPath, interrupt);
  return {
    api,
    dataFolder,
    logPath,
    pid: child.pid ?? 0,
    async stop() {
      await api.close();
      child.kill('SIGTERM');
      await ended;
    },
    async leaveRunning() {
      await api.close();
      child.unref();
    },
  };
}

async function untilAnswers(
  child: ChildProcess,
  socketPath: string,
  logPath: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!(await socketAnswers(socketPath))) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}; see ${logPath}`);
    await clock.sleep(100, signal);
  }
}
