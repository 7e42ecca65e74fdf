import { createHash, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { Clock, Randomness } from '@leeward/core';
import { createSelfSignedCertificate } from '../../tls/self-signed.ts';
import type { Services } from '../api/call.ts';
import { SessionStore } from '../api/sessions.ts';
import type { HostConfig } from '../config.ts';
import type { Counters } from './counters.ts';
import { answerFolder } from './folder-door.ts';
import type { FolderOrigin } from './folder-origin.ts';

/** The HTTPS door of an ESXi host as it runs. */
export interface HostDoor {
  readonly hostName: string;
  readonly port: number;
  readonly certificatePem: string;
  /** SHA-256 of the certificate, 64 lower-case hex digits. */
  readonly fingerprintSha256: string;
  /** Ends all connections. */
  cutAll(): void;
  close(): Promise<void>;
}

export interface HostDoorDeps {
  readonly services: Services;
  readonly counters: Counters;
  readonly origin: FolderOrigin;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** Opens the door of a host, if it has one: `/folder` for its own accounts and for tickets of vCenter. */
export async function openHostDoor(host: HostConfig, deps: HostDoorDeps): Promise<HostDoor | undefined> {
  if (!host.door) return undefined;
  const { services, counters, origin, clock, randomness } = deps;
  const { listen, accounts } = host.door;
  const certificate =
    host.door.certificate ??
    (await createSelfSignedCertificate({
      commonName: host.name,
      altNames: [host.name, 'localhost', listen.address],
      clock,
      randomness,
    }));
  const { sessionIdleMs: idleMs, maxSessions } = services.world.config;
  const allowed = accounts.map((account) => ({
    ...account,
    permissions: [{ path: '/', propagate: true, privileges: 'all' as const }],
  }));
  const sessions = new SessionStore({ accounts: allowed, idleMs, maxSessions }, clock, randomness);
  const server = createServer(
    { key: certificate.keyPem, cert: certificate.certificatePem },
    (request, response) => {
      const path = (request.url ?? '/').replace(/\?.*$/, '');
      if (path !== '/folder' && !path.startsWith('/folder/')) {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
        return;
      }
      const door = { services, counters, origin, sessions };
      answerFolder(door, request, response).catch(() => response.destroy());
    },
  );
  server.on('connection', (socket) => {
    if (services.faults.outages.isDown(host.name)) socket.destroy();
  });
  const port = await listening(server, listen);
  const der = new X509Certificate(certificate.certificatePem).raw;
  const sha1 = createHash('sha1').update(der).digest('hex').toUpperCase();
  const sslThumbprint = sha1.match(/../g)?.join(':') ?? '';
  const address = `${listen.address}${port === 443 ? '' : `:${port}`}`;
  services.hostDoors.set(address, { hostName: host.name, sslThumbprint });
  return {
    hostName: host.name,
    port,
    certificatePem: certificate.certificatePem,
    fingerprintSha256: createHash('sha256').update(der).digest('hex'),
    cutAll: () => server.closeAllConnections(),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listening(server: Server, { address, port }: { address: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound ? bound.port : port);
    });
  });
}
