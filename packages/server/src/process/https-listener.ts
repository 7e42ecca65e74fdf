import { createServer } from 'node:https';
import { isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import { LeewardError } from '@leeward/core';
import { type ApiOptions, createApi } from '../api/api.ts';
import { httpsDoor } from '../api/https-door.ts';
import type { TlsIdentity } from './tls-identity.ts';

export interface ListenAddress {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
}

export interface HttpsListener {
  /** As others reach it. */
  readonly url: string;
  close(): Promise<void>;
}

export interface HttpsOptions
  extends Pick<ApiOptions, 'services' | 'version' | 'logger' | 'clock' | 'trail' | 'onAnswered'> {
  readonly listen: ListenAddress;
  readonly identity: TlsIdentity;
  readonly consoleFolder: string | undefined;
}

/** API and console over HTTPS. Throws `L-AUT-120` where it cannot listen. */
export async function listenHttps(options: HttpsOptions): Promise<HttpsListener> {
  const { listen, identity, consoleFolder, ...common } = options;
  const { certificatePem: cert, keyPem: key } = identity;
  let url = '';
  const api = await createApi({
    ...common,
    url: () => url,
    door: httpsDoor(common.services),
    network: {
      serverFactory: (handler) => createServer({ cert, key, minVersion: 'TLSv1.2' }, handler),
      strictTransport: !identity.selfMade,
      consoleFolder,
    },
  });
  try {
    await api.listen({
      ...{ host: listen.host, port: listen.port },
      listenTextResolver: (address) => `Server listening at ${address.replace('http:', 'https:')}`,
    });
  } catch (error) {
    await api.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new LeewardError(
      'L-AUT-120',
      { address: `${bracketed(listen.host)}:${listen.port}`, reason },
      error,
    );
  }
  const [address] = api.addresses();
  const port = typeof address === 'object' ? address.port : listen.port;
  url = `https://${bracketed(publicName(listen.host))}:${port}`;
  return { url, close: () => api.close() };
}

/** Who listens everywhere is reached by the name of the host. */
function publicName(host: string): string {
  return host === '0.0.0.0' || host === '::' ? hostname() : host;
}

function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
