import { bounded, type Clock, isError, LeewardError } from '@leeward/core';
import { apiSocketPath, dataFolder } from '@leeward/server/process/data-folder';
import type { Output } from '../output/output.ts';
import { version } from '../version.ts';
import { ApiClient } from './api-client.ts';
import { socketAnswers } from './socket-answers.ts';
import type { Wire } from './wire.ts';

export interface ServerConnection {
  readonly api: ApiClient;
  /** False: this command started a server for itself; it ends with the command. */
  readonly lasting: boolean;
  /** Its address where it is on another host: files and folders that it works on are there, not here. */
  readonly remote?: string;
  close(): Promise<void>;
}

export interface FindServerOptions {
  readonly output: Output;
  readonly clock: Clock;
  /** The command has work for a proxy, so a server of its own starts one too. */
  readonly needsProxy: boolean;
  readonly signal: AbortSignal;
}

/** What the server says of itself at `/health`. */
export interface ServerHealth {
  readonly version: string;
  readonly pid: number;
  /** Over HTTPS; missing: nowhere. */
  readonly url?: string;
}

/** Another command's own server may be about to end, and then this one can start its own. */
const waitForOthersMs = 30_000;
const pollMs = 200;
const healthTimeoutMs = 15_000;

/** The running server of the data folder, or one that is started for this command alone. */
export async function findServer(options: FindServerOptions): Promise<ServerConnection> {
  const { output, clock, signal } = options;
  const folder = await dataFolder();
  const socketPath = await apiSocketPath(folder);
  const giveUpMs = clock.monotonicMs() + waitForOthersMs;
  for (let told = false; ; ) {
    if (await socketAnswers(socketPath)) return connectTo(socketPath, options);
    try {
      if (!told) output.note('no server is running on this data folder: starting one for this command');
      told = true;
      return await startOwn(folder, socketPath, options);
    } catch (error) {
      if (!isError(error, 'L-CFG-201') || clock.monotonicMs() > giveUpMs) throw error;
      await clock.sleep(pollMs, signal);
    }
  }
}

async function connectTo(
  socketPath: string,
  { output, clock, signal }: FindServerOptions,
): Promise<ServerConnection> {
  const health = await serverHealth(socketPath, clock);
  if (health.version !== version)
    output.note(`the server is version ${health.version}, this command ${version}: restart the server`);
  const api = new ApiClient(socketPath, signal);
  return { api, lasting: true, close: () => api.close() };
}

/** Asks a server who it is; throws `L-CFG-109` when it does not say so in time. The caller closes a `wire`. */
export async function serverHealth(wire: string | Wire, clock: Clock): Promise<ServerHealth> {
  const bound = { name: 'the server to answer', timeoutMs: healthTimeoutMs };
  try {
    return await bounded(clock, bound, async (signal) => {
      const api = new ApiClient(wire, signal);
      try {
        return await api.get<ServerHealth>('/health');
      } finally {
        if (typeof wire === 'string') await api.close();
      }
    });
  } catch (error) {
    if (!isError(error, 'L-RUN-101')) throw error;
    throw new LeewardError('L-CFG-109', { seconds: healthTimeoutMs / 1_000 }, error);
  }
}

async function startOwn(
  folder: string,
  socketPath: string,
  { output, needsProxy, signal }: FindServerOptions,
): Promise<ServerConnection> {
  // Loaded here: with a server running, a command needs none of it.
  const { createLogger, startServer } = await import('@leeward/server');
  const server = await startServer({
    dataFolder: folder,
    databaseUrl: process.env['DATABASE_URL'],
    version,
    logger: createLogger('server', process.env['LEEWARD_LOG'] ?? 'error'),
    proxy: needsProxy,
    onFatal: (error) => {
      output.error(error);
      process.exit(1);
    },
  });
  const api = new ApiClient(socketPath, signal);
  return {
    api,
    lasting: false,
    async close() {
      await api.close();
      await server.close();
    },
  };
}
