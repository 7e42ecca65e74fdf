import { chmod, rm } from 'node:fs/promises';
import type { LeewardError } from '@leeward/core';
import {
  localProxyId,
  openServerApplication,
  type SecretKeySource,
  type Services,
  secretKeySourceOf,
} from '@leeward/engine';
import { systemClock, systemRandomness } from '@leeward/platform';
import type { Logger } from 'pino';
import { createApi } from '../api/api.ts';
import { builtConsole } from '../api/console-files.ts';
import { socketDoor } from '../api/door.ts';
import { apiSocketPath } from './data-folder.ts';
import { type HttpsOptions, type ListenAddress, listenHttps } from './https-listener.ts';
import { localAddresses } from './local-addresses.ts';
import { flowLog } from './logger.ts';
import { ProxySupervisor } from './proxy-supervisor.ts';
import { type CertificateFiles, tlsIdentity } from './tls-identity.ts';

const localProxy = { id: localProxyId, name: 'local', slots: 2 } as const;

export interface ServerSettings {
  readonly dataFolder: string;
  readonly databaseUrl?: string | undefined;
  readonly version: string;
  readonly logger: Logger;
  /** False: without the proxy of this host, for commands that have no work for it. Default true. */
  readonly proxy?: boolean | undefined;
  /** Where the key of stored passwords comes from; default: as the environment says, else the data folder. */
  readonly secretKey?: SecretKeySource | undefined;
  /** Where browsers and programs on other hosts come in; default: nowhere. */
  readonly https?: HttpsSettings | undefined;
  /** The process has to end, with this reason. */
  readonly onFatal: (error: LeewardError) => void;
}

export interface HttpsSettings {
  readonly listen: ListenAddress;
  /** Default: a self-made one. */
  readonly certificate?: CertificateFiles | undefined;
}

export interface RunningServer {
  readonly services: Services;
  readonly socketPath: string;
  readonly proxyPid: number | undefined;
  readonly https: RunningHttps | undefined;
  close(): Promise<void>;
}

export interface RunningHttps {
  readonly url: string;
  /** Of the certificate: SHA-256, hex. */
  readonly fingerprint: string;
  readonly hasConsole: boolean;
  /** Where there is no user yet: the link by which the first administrator is made. A secret, for half an hour. */
  readonly setupUrl?: string;
}

/** A whole server: database, flows, the proxy of this host, the API on a Unix socket of its owner and over HTTPS. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { dataFolder, databaseUrl, version, logger, proxy = true, onFatal } = settings;
  const secretKey = settings.secretKey ?? secretKeySourceOf(process.env);
  const opened: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of opened.splice(0).toReversed()) await end();
  };
  try {
    const application = await openServerApplication({
      dataFolder,
      databaseUrl,
      secretKey,
      clock: systemClock,
      randomness: systemRandomness,
      log: flowLog(logger),
      version,
      onFatal,
    });
    opened.push(() => application.close());
    await application.addProxy({ ...localProxy, addresses: localAddresses() });
    const { services } = application;
    const onAnswered = services.metrics.answered.bind(services.metrics);
    const common = { services, version, logger, clock: systemClock, trail: services.audit, onAnswered };
    const listener = settings.https && (await startHttps(settings.https, { ...common, dataFolder }));
    if (listener) opened.push(listener.close);
    const supervisor = new ProxySupervisor(
      { ...localProxy, dataFolder, databaseUrl: application.databaseUrl, secretKey },
      systemClock,
      logger,
    );
    if (proxy) supervisor.start();
    opened.push(() => supervisor.stop());
    const api = await createApi({ ...common, door: socketDoor, url: () => listener?.running.url });
    opened.push(() => api.close());
    const socketPath = await apiSocketPath(dataFolder);
    await rm(socketPath, { force: true });
    await api.listen({ path: socketPath });
    await chmod(socketPath, 0o600);
    logger.info('server is ready');
    return {
      services,
      socketPath,
      get proxyPid() {
        return supervisor.pid;
      },
      https: listener?.running,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startHttps(
  { listen, certificate }: HttpsSettings,
  {
    dataFolder,
    ...common
  }: Omit<HttpsOptions, 'listen' | 'identity' | 'consoleFolder'> & {
    readonly dataFolder: string;
  },
): Promise<{ readonly running: RunningHttps; readonly close: () => Promise<void> }> {
  const { clock, logger, services } = common;
  const identity = await tlsIdentity(dataFolder, certificate, clock);
  if (Date.parse(identity.validTo) < clock.now())
    logger.warn({ validTo: identity.validTo }, 'the certificate for HTTPS has ended');
  const consoleFolder = builtConsole();
  const { url, close } = await listenHttps({ ...common, listen, identity, consoleFolder });
  const secret = await services.setup.begin();
  logger.info({ url, fingerprint: identity.sha256 }, 'listening for HTTPS');
  if (secret !== undefined) logger.info('there is no user yet: the link to make one was shown at the start');
  return {
    running: {
      url,
      fingerprint: identity.sha256,
      hasConsole: consoleFolder !== undefined,
      ...(secret === undefined ? {} : { setupUrl: `${url}/setup#${secret}` }),
    },
    close,
  };
}
