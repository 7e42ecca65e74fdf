import type { Clock, Randomness } from '@leeward/core';
import { ArrayDoor } from '../control/array-door.ts';
import { ShiftingClock } from '../control/shifting-clock.ts';
import { TlsServer } from '../rest/tls-server.ts';
import type { DataPortFactory, Portal } from '../san/block-data-port.ts';
import { HostDoor } from '../san/host-door.ts';
import { createSelfSignedCertificate } from '../tls/self-signed.ts';
import { type NimbleConfig, type NimbleConfigInput, nimbleConfigSchema } from './config.ts';
import { act, actionSchema } from './control/control-actions.ts';
import { faultPoints } from './control/fault-points.ts';
import { Faults, faultSchema } from './control/faults.ts';
import { type Settings, settingsSchema } from './control/settings.ts';
import { stateOf } from './control/state.ts';
import { AnnouncedPort } from './lun/announced-port.ts';
import { AccessControlledLuns } from './lun/lun-directory.ts';
import { buildGroup } from './model/build-group.ts';
import type { Group } from './model/group.ts';
import { Scheduler } from './operations/scheduler.ts';
import { Ownership } from './replication/ownership.ts';
import { PartnerLinks } from './replication/partner-links.ts';
import { Receiver } from './replication/receiver.ts';
import { ReplicationDoor } from './replication/replication-door.ts';
import { Replicator } from './replication/replicator.ts';
import { takeForPartner } from './resources/snapshot-collection-set.ts';
import { ApiError } from './rest/api-error.ts';
import { dispatch, render } from './rest/dispatcher.ts';
import { Jobs } from './rest/jobs.ts';
import { Tokens } from './rest/tokens.ts';
import { SyncReplication } from './sync/sync-replication.ts';
import type { World } from './world.ts';

export interface SimulatorDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Serves the LUNs; absent: portals are announced, and nobody listens there. */
  readonly dataPort?: DataPortFactory;
}

/** Where a running group can be reached; what `main.ts` prints. */
export interface SimulatorAddresses {
  readonly name: string;
  readonly groupId: string;
  readonly groupUid: string;
  readonly restAddress: string;
  readonly restPort: number;
  /** SHA-256 of the REST certificate, 64 lower-case hex digits. */
  readonly certificateSha256: string;
  readonly certificatePem: string;
  readonly controlPort: number;
  readonly replicationPort: number;
  /** Where simulated hosts reach their LUNs (`HostLuns`), with `hosts` in the config. */
  readonly hostPort: number | undefined;
  readonly portals: readonly Portal[];
}

export interface NimbleSimulator {
  readonly addresses: SimulatorAddresses;
  /** Insight for tests in the same process. */
  readonly world: World;
  apply(settings: Settings): Promise<void>;
  /** Ends everything and removes the pools' files. */
  close(): Promise<void>;
}

function portalsOf(config: NimbleConfig): Portal[] {
  const port = config.iscsiPort;
  const addresses = config.subnets.flatMap(({ discoveryAddress, dataAddresses, otherAddresses, type }) =>
    type === 'mgmt' ? [] : [discoveryAddress, ...dataAddresses, ...Object.values(otherAddresses).flat()],
  );
  return [...new Set(addresses)].map((address) => ({ address, port }));
}

function buildWorld(
  group: Group,
  directory: AccessControlledLuns,
  clock: ShiftingClock,
  deps: SimulatorDeps,
): World {
  const portals = portalsOf(group.config);
  // Connections and their faults take real time, whatever the lab does with the array's clock.
  const faults = new Faults(deps.clock);
  const port =
    deps.dataPort?.({
      directory,
      portals,
      fault: (step, subject) => faults.stepAction(step, subject),
      portFault: (occasion) => faults.port(occasion),
    }) ?? new AnnouncedPort(portals);
  const links = new PartnerLinks(group, clock);
  const replicator = new Replicator({ group, clock, links, faults });
  return {
    group,
    port,
    tokens: new Tokens(group),
    jobs: new Jobs(group, faults),
    faults,
    links,
    replicator,
    ownership: new Ownership({ group, port, links, replicator }),
    sync: new SyncReplication({ group, clock, port, faults }),
    scheduler: new Scheduler(group, clock, ({ volumeCollection }) => replicator.wake(volumeCollection)),
    behaviour: group.config.behaviour,
    operationMs: group.config.behaviour.operationMs,
  };
}

/** One simulated group in this process. Start both groups of a pair, then tell each the other's port. */
export async function startNimbleSimulator(
  input: NimbleConfigInput,
  deps: SimulatorDeps,
): Promise<NimbleSimulator> {
  const config = nimbleConfigSchema.parse(input);
  const clock = new ShiftingClock(deps.clock);
  const group = buildGroup(config, { clock, randomness: deps.randomness });
  const directory = new AccessControlledLuns(group);
  const world = buildWorld(group, directory, clock, deps);
  const { hosts } = config;
  const hostDoor = hosts && new HostDoor({ token: hosts.token, directory });
  const receiver = new Receiver(group);
  const door = new ReplicationDoor({
    group,
    receiver,
    ownership: () => world.ownership,
    takeCollection: (lineage, data) => takeForPartner(world, lineage, data),
  });
  const certificate = await createSelfSignedCertificate({
    commonName: group.name,
    altNames: [config.rest.address, 'localhost', ...config.rest.hostNames],
    clock: deps.clock,
  });
  const rest = new TlsServer<string>({
    clock: deps.clock,
    arrayClock: clock,
    certificate,
    fault: (method, path) => world.faults.rest(method, path),
    refused: ({ status, code, message }) =>
      render({ status, body: { messages: new ApiError(status, code, message).messages() } }),
    dispatch: (request) =>
      world.sync.around(`${request.method} ${request.url.split('?')[0] ?? ''}`, () =>
        dispatch(world, request),
      ),
  });
  let isReachable = true;
  let isManaged = true;
  let isLinked = true;
  const followRest = (): void => {
    rest.reachable = isReachable && isManaged && !world.faults.outages.isDown(undefined);
    if (!rest.reachable) rest.cutAll();
  };
  world.sync.setManagement = (isUp) => {
    isManaged = isUp;
    followRest();
  };

  const setLink = (up: boolean): void => {
    world.links.reachable = up;
    door.reachable = up;
    if (up) return;
    world.links.cutAll();
    door.cutAll();
  };
  const follow = async (): Promise<void> => {
    const reachable = isReachable && !world.faults.outages.isDown(undefined);
    followRest();
    setLink(reachable && isLinked);
    hostDoor?.setReachable(reachable);
    await world.port.setReachable(reachable);
  };
  world.faults.outages.actWith(async (address, isUp) => {
    if (address === undefined) await follow();
    else await world.port.setCut(address, !isUp);
  });
  const apply = async (settings: Settings): Promise<void> => {
    const { reachable, linkUp, clockSpeed, jumpMs, partnerPorts, operationMs, ...rest } = settings;
    const { clock: anchor, ...behaviour } = rest;
    if (settings.replicationBytesPerSecond !== undefined)
      world.replicator.bytesPerSecond = settings.replicationBytesPerSecond;
    if (operationMs !== undefined) world.operationMs = operationMs;
    Object.assign(world.behaviour, behaviour);
    if (clockSpeed !== undefined) clock.setSpeed(clockSpeed);
    if (jumpMs !== undefined) clock.jump(jumpMs);
    if (anchor) clock.follow(anchor);
    for (const [name, port] of Object.entries(partnerPorts ?? {})) {
      const partner = group.partnerNamed(name);
      if (!partner) throw new Error(`no partner ${name}`);
      partner.dataPort = port;
      await world.links.test(partner);
    }
    if (linkUp === undefined && reachable === undefined) return;
    // Who comes back has its links too.
    isLinked = linkUp ?? reachable ?? isLinked;
    isReachable = reachable ?? isReachable;
    await follow();
  };

  const control = new ArrayDoor({
    token: config.control.token,
    state: () => stateOf(world),
    clock,
    counters: () => world.port.counters(),
    resetCounters: () => world.port.reset(),
    calls: () => rest.calls,
    apply: (body) => apply(settingsSchema.parse(body)),
    act: (body) => act(world, actionSchema.parse(body)),
    addFault: (body) => world.faults.add(faultSchema.parse(body)),
    faults: world.faults,
    faultPoints: () => faultPoints(world),
  });
  await world.port.open();
  const replicationPort = await door.listen(config.replication.address, config.replication.port);
  const restPort = await rest.listen(config.rest.address, config.rest.port);
  const controlPort = await control.listen(config.control.port);
  const hostPort = hosts && (await hostDoor?.listen(hosts.address, hosts.port));
  world.links.start();
  world.scheduler.start();
  world.sync.start();

  return {
    addresses: {
      name: group.name,
      groupId: group.id,
      groupUid: group.uid,
      restAddress: config.rest.address,
      restPort,
      certificateSha256: certificate.sha256,
      certificatePem: certificate.certificatePem,
      controlPort,
      replicationPort,
      hostPort,
      portals: world.port.portals(),
    },
    world,
    apply,
    close: async () => {
      world.scheduler.stop();
      await world.faults.clear();
      world.sync.close();
      world.ownership.close();
      world.replicator.close();
      world.links.close();
      await Promise.all([control.close(), rest.close(), door.close(), hostDoor?.close(), world.port.close()]);
      receiver.close();
      group.close();
    },
  };
}
