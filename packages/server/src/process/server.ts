import { chmod, rm } from 'node:fs/promises';
import type { LeewardError } from '@leeward/core';
import { openServerApplication, type Services } from '@leeward/engine';
import { systemClock, systemRandomness } from '@leeward/platform';
import type { Logger } from 'pino';
import { createApi } from '../api/api.ts';
import { apiSocketPath } from './data-folder.ts';
import { localAddresses } from './local-addresses.ts';
import { flowLog } from './logger.ts';
import { ProxySupervisor } from './proxy-supervisor.ts';

const localProxy = { id: 'local', name: 'local', slots: 2 } as const;

export interface ServerSettings {
  readonly dataFolder: string;
  readonly databaseUrl?: string | undefined;
  readonly version: string;
  readonly logger: Logger;
  /** False: without the proxy of this host, for commands that have no work for it. Default true. */
  readonly proxy?: boolean | undefined;
  /** The process has to end, with this reason. */
  readonly onFatal: (error: LeewardError) => void;
}

export interface RunningServer {
  readonly services: Services;
  readonly socketPath: string;
  readonly proxyPid: number | undefined;
  close(): Promise<void>;
}

/** A whole server: database, flows, the proxy of this host and the API on a Unix socket of its owner. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { dataFolder, databaseUrl, version, logger, proxy = true, onFatal } = settings;
  const application = await openServerApplication({
    dataFolder,
    databaseUrl,
    clock: systemClock,
    randomness: systemRandomness,
    log: flowLog(logger),
    onFatal,
  });
  await application.addProxy({ ...localProxy, addresses: localAddresses() });
  const supervisor = new ProxySupervisor(
    { ...localProxy, dataFolder, databaseUrl: application.databaseUrl },
    systemClock,
    logger,
  );
  if (proxy) supervisor.start();
  const api = await createApi({ services: application.services, version, logger });
  const socketPath = await apiSocketPath(dataFolder);
  await rm(socketPath, { force: true });
  await api.listen({ path: socketPath });
  await chmod(socketPath, 0o600);
  logger.info('server is ready');
  return {
    services: application.services,
    socketPath,
    get proxyPid() {
      return supervisor.pid;
    },
    async close() {
      await api.close();
      await supervisor.stop();
      await application.close();
    },
  };
}
