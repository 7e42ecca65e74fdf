import { connect } from 'node:net';
import type { LeewardError } from '@leeward/core';
import { apiSocketPath, createLogger, dataFolder, startServer } from '@leeward/server';
import { version } from '../version.ts';
import { ApiClient } from './api-client.ts';

export interface ServerConnection {
  readonly api: ApiClient;
  /** False: this command started a server for itself; it ends with the command. */
  readonly lasting: boolean;
  close(): Promise<void>;
}

/** The running server of the data folder, or one that is started for this command alone. */
export async function findServer(onNote: (text: string) => void): Promise<ServerConnection> {
  const folder = await dataFolder();
  const socketPath = await apiSocketPath(folder);
  if (await answers(socketPath)) {
    const api = new ApiClient(socketPath);
    return { api, lasting: true, close: () => api.close() };
  }
  onNote('no server is running on this data folder: starting one for this command');
  const server = await startServer({
    dataFolder: folder,
    databaseUrl: process.env['DATABASE_URL'],
    version,
    logger: createLogger('server', 'error'),
    onFatal: (error: LeewardError) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    },
  });
  const api = new ApiClient(socketPath);
  return {
    api,
    lasting: false,
    async close() {
      await api.close();
      await server.close();
    },
  };
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
