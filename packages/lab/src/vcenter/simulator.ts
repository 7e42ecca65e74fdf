import { createHash, X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock, Randomness } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import { ShiftingClock } from '../control/shifting-clock.ts';
import { createSelfSignedCertificate } from '../tls/self-signed.ts';
import type { Services } from './api/call.ts';
import { serviceContent } from './api/service-content.ts';
import { SessionStore } from './api/sessions.ts';
import { TaskRunner } from './api/tasks.ts';
import { type VcenterConfigInput, vcenterConfigSchema } from './config.ts';
import { controlDoor } from './control/control-door.ts';
import { FaultPlan } from './control/fault-plan.ts';
import { GuestControl } from './control/guest-control.ts';
import { Migrations } from './control/migrations.ts';
import { Counters } from './http/counters.ts';
import { answerFolder, type FolderDoor } from './http/folder-door.ts';
import { folderOrigins } from './http/folder-origins.ts';
import { type HostDoor, openHostDoor } from './http/host-doors.ts';
import { answerSdk } from './http/sdk-door.ts';
import { versionsFile } from './http/versions-file.ts';
import { managedObject } from './inventory/entity.ts';
import { World } from './inventory/world.ts';
import { Ref } from './soap/value.ts';

export interface VcenterSimulatorDeps {
  readonly clock?: Clock;
  readonly randomness?: Randomness;
}

/** A running simulated vCenter. Everything else is done over its two doors. */
export interface VcenterSimulator {
  /** Port of the foreign API (HTTPS). */
  readonly port: number;
  readonly controlPort: number;
  /** SHA-256 of the certificate, 64 lower-case hex digits. */
  readonly fingerprintSha256: string;
  readonly certificatePem: string;
  /** The doors of hosts that have one. */
  readonly hostDoors: readonly Omit<HostDoor, 'close' | 'cutAll'>[];
  /** Ends guests, lets tasks finish, closes both doors and all connections to datastores. */
  close(): Promise<void>;
}

/**
 * Starts a vCenter with its hosts as `config` says: writes every VM to its datastore, then opens the doors. Fails
 * when the config is not valid or a datastore cannot be written.
 */
export async function startVcenterSimulator(
  configInput: VcenterConfigInput,
  deps: VcenterSimulatorDeps = {},
): Promise<VcenterSimulator> {
  const config = vcenterConfigSchema.parse(configInput);
  const { clock: real = systemClock, randomness = systemRandomness } = deps;
  const clock = new ShiftingClock(real);
  const certificate =
    config.certificate ??
    (await createSelfSignedCertificate({
      commonName: config.name,
      altNames: [config.name, 'localhost', config.listen.address],
      clock,
      randomness,
    }));
  const world = await World.create(config, { clock, randomness });
  const faults = new FaultPlan(real);
  const services: Services = {
    world,
    sessions: new SessionStore(
      { accounts: config.accounts, idleMs: config.sessionIdleMs, maxSessions: config.maxSessions },
      clock,
      randomness,
    ),
    tasks: new TaskRunner(world),
    faults,
    tickets: new Map(),
    hostDoors: new Map(),
  };
  addSingletons(services);
  const counters = new Counters();
  const origins = folderOrigins(world);
  for (const origin of [origins.vcenter, ...origins.hosts.values()]) counters.watch(origin);
  const door: FolderDoor = { services, counters, origin: origins.vcenter, sessions: services.sessions };
  const guests = new GuestControl(world.vms, real);
  const unsubscribe = world.changes.subscribe(() => guests.follow());
  const server = createServer(
    { key: certificate.keyPem, cert: certificate.certificatePem },
    (request, response) => {
      answer(door, request, response).catch(() => response.destroy());
    },
  );
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    if (faults.outages.isDown(undefined)) socket.destroy();
  });
  const port = await listen(server, config.listen.address, config.listen.port);
  const hostDoors: HostDoor[] = [];
  for (const host of config.hosts) {
    const origin = origins.hosts.get(host.name);
    const opened = origin && (await openHostDoor(host, { services, counters, origin, clock, randomness }));
    if (opened) hostDoors.push(opened);
  }
  faults.outages.actWith(async (name, isUp) => {
    if (isUp) return;
    if (name === undefined) server.closeAllConnections();
    else hostDoors.find(({ hostName }) => hostName === name)?.cutAll();
  });
  const migrations = new Migrations(services);
  migrations.startConfigured();
  const control = controlDoor(services, counters, guests, migrations, clock, config.control.token);
  await control.listen({ host: config.control.address, port: config.control.port });
  const der = new X509Certificate(certificate.certificatePem).raw;
  return {
    port,
    controlPort: portOf(control.server.address()),
    fingerprintSha256: createHash('sha256').update(der).digest('hex'),
    certificatePem: certificate.certificatePem,
    hostDoors: hostDoors.map(({ close: _, cutAll: _cut, ...door }) => door),
    async close() {
      unsubscribe();
      await faults.clear();
      await guests.stop();
      migrations.close();
      await services.tasks.settled();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const each of hostDoors) await each.close();
      await control.close();
      await world.close();
    },
  };
}

async function answer(door: FolderDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { services, counters } = door;
  const path = (request.url ?? '/').replace(/\?.*$/, '');
  if (request.method === 'POST' && (path === '/sdk' || path === '/sdk/vimService'))
    return answerSdk(services, counters, request, response);
  if (path === '/sdk/vimServiceVersions.xml') {
    response.setHeader('content-type', 'text/xml');
    response.end(versionsFile(services.world.config.apiVersion));
    return;
  }
  if (path === '/folder' || path.startsWith('/folder/')) return answerFolder(door, request, response);
  response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
}

/** Managers whose properties clients read. */
function addSingletons({ world, tasks }: Services): void {
  world.add(
    managedObject(new Ref('ServiceInstance', 'ServiceInstance'), {
      content: () => serviceContent(world.config, world.root.ref),
      serverClock: () => new Date(world.clock.now()),
      capability: () => ({
        $type: 'Capability',
        provisioningSupported: true,
        multiHostSupported: true,
        userShellAccessSupported: false,
      }),
    }),
  );
  world.add(
    managedObject(new Ref('TaskManager', 'TaskManager'), {
      recentTask: () => tasks.recent,
      maxCollector: () => 32,
    }),
  );
}

function listen(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => resolve(portOf(server.address())));
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a port');
  return address.port;
}
