import type { Clock, Randomness } from '@leeward/core';
import { ArrayDoor } from '../control/array-door.ts';
import { ShiftingClock } from '../control/shifting-clock.ts';
import { HostDoor } from '../san/host-door.ts';
import { iscsiDataPort } from '../san/iscsi-port.ts';
import { createSelfSignedCertificate } from '../tls/self-signed.ts';
import { type OntapConfig, type OntapConfigInput, ontapConfigSchema } from './config.ts';
import { Contract } from './contract/contract.ts';
import { act, actionSchema } from './control/control-actions.ts';
import { FaultBoard, faultSchema } from './control/fault-board.ts';
import { faultPoints } from './control/fault-points.ts';
import { type Settings, settingsSchema } from './control/settings.ts';
import { stateOf } from './control/state.ts';
import { Peers } from './intercluster/peers.ts';
import { InterclusterServer } from './intercluster/server.ts';
import { MirrorEngine } from './mirror/mirror-engine.ts';
import { RelationSetup } from './mirror/relation-setup.ts';
import { SourceService } from './mirror/source-service.ts';
import { SyncReplication } from './mirror/sync/sync-replication.ts';
import { DataPorts } from './nfs/data-ports.ts';
import { ExportAccess } from './nfs/export-access.ts';
import { buildGroups } from './resources/build-groups.ts';
import { Jobs } from './rest/jobs.ts';
import { RestServer } from './rest/rest-server.ts';
import { rolesOf } from './rest/roles.ts';
import { BlockPorts } from './san/block-ports.ts';
import { buildSan } from './san/build-san.ts';
import { SvmLuns } from './san/svm-luns.ts';
import { buildCluster } from './storage/build-cluster.ts';
import type { World } from './world.ts';

export interface SimulatorDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** Where a running cluster can be reached; what `main.ts` prints. */
export interface SimulatorAddresses {
  readonly name: string;
  readonly clusterUuid: string;
  readonly restAddress: string;
  readonly restPort: number;
  /** SHA-256 of the REST certificate, 64 lower-case hex digits. */
  readonly certificateSha256: string;
  readonly certificatePem: string;
  readonly controlPort: number;
  readonly interclusterPort: number | undefined;
  /** Where simulated hosts reach their LUNs (`HostLuns`), with `hosts` in the config. */
  readonly hostPort: number | undefined;
  /** One per iSCSI interface; no target where the SVM has no iSCSI service. */
  readonly iscsiPortals: readonly {
    readonly svm: string;
    readonly lif: string;
    readonly address: string;
    readonly port: number;
    readonly node: string;
    readonly targetName: string | undefined;
  }[];
  readonly dataPorts: readonly {
    readonly svm: string;
    readonly lif: string;
    readonly address: string;
    readonly nfsPort: number;
    readonly mountPort: number;
    readonly portmapPort: number | undefined;
  }[];
}

export interface OntapSimulator {
  readonly addresses: SimulatorAddresses;
  /** Insight for tests in the same process. */
  readonly world: World;
  readonly dataPorts: DataPorts;
  apply(settings: Settings): Promise<void>;
  /** Resolves when the relations of the config have their baseline. Rejects when one failed. */
  relationsReady(): Promise<void>;
  /** Ends everything and removes the volumes' files. */
  close(): Promise<void>;
}

/** One simulated cluster in this process. Start both clusters of a pair, then tell each the other's port. */
export async function startOntapSimulator(
  input: OntapConfigInput,
  deps: SimulatorDeps,
): Promise<OntapSimulator> {
  const config: OntapConfig = ontapConfigSchema.parse(input);
  const clock = new ShiftingClock(deps.clock);
  const cluster = buildCluster(config, { clock, randomness: deps.randomness });
  // Connections and their faults take real time, whatever the lab does with the array's clock.
  const faults = new FaultBoard(deps.clock);
  const san = buildSan(config, cluster);
  const block = new BlockPorts({
    cluster,
    san,
    dataPort: iscsiDataPort(deps),
    fault: (step, subject) => faults.stepAction(step, subject),
    portFault: (occasion) => faults.port(occasion),
  });
  const peers = new Peers(config);
  const engine = new MirrorEngine(cluster, peers, faults);
  const source = new SourceService(cluster, (volume) =>
    san.luns.of(volume).map(({ inodeId, serial }) => [inodeId, serial]),
  );
  const sync = new SyncReplication({ cluster, engine, source, peer: peers.main, faults, clock: deps.clock });
  const world: World = {
    cluster,
    san,
    block,
    contract: new Contract(cluster.release),
    engine,
    source,
    sync,
    jobs: new Jobs({ clock, randomness: deps.randomness, faults, keptMs: config.behaviour.jobKeptMs }),
    faults,
    access: new ExportAccess(clock, config.behaviour.accessCache),
    roles: rolesOf(config),
    groups: buildGroups(config, cluster),
    operationMs: config.behaviour.operationMs,
  };
  const setup = new RelationSetup(engine);
  const certificate = await createSelfSignedCertificate({
    commonName: config.cluster.name,
    altNames: [config.rest.address, 'localhost', ...config.rest.hostNames],
    clock: deps.clock,
  });
  const rest = new RestServer(world, certificate, deps.clock);
  const dataPorts = new DataPorts({
    ...{ cluster, access: world.access, clock: deps.clock },
    faults: (occasion) => faults.port(occasion),
  });
  const { intercluster: door, hosts } = config;
  const hostDoor = hosts && new HostDoor({ token: hosts.token, directory: new SvmLuns(cluster, san) });
  const intercluster = door && new InterclusterServer(door.token, (request) => sync.answer(request));

  let isReachable = true;
  const follow = async (): Promise<void> => {
    const reachable = isReachable && !faults.outages.isDown(undefined);
    rest.reachable = reachable;
    if (!reachable) rest.cutAll();
    intercluster?.setReachable(reachable);
    sync.setReachable(reachable);
    if (!reachable) peers.cut();
    hostDoor?.setReachable(reachable);
    await dataPorts.setReachable(reachable);
    await block.setReachable(reachable);
  };
  faults.outages.actWith(async (port, isUp) => {
    if (port === undefined) return follow();
    await dataPorts.setCut(port, !isUp);
    await block.setCut(port, !isUp);
  });
  const apply = async (settings: Settings): Promise<void> => {
    const { transferBytesPerSecond, operationMs, clockSpeed, jumpMs, peerPort, reachable } = settings;
    if (transferBytesPerSecond !== undefined) engine.bytesPerSecond = transferBytesPerSecond;
    if (operationMs !== undefined) world.operationMs = operationMs;
    if (clockSpeed !== undefined) clock.setSpeed(clockSpeed);
    if (jumpMs !== undefined) clock.jump(jumpMs);
    if (settings.clock) clock.follow(settings.clock);
    const { behaviour } = cluster.config;
    if (settings.vaultDelete) behaviour.vaultDelete = settings.vaultDelete;
    if (settings.complianceClock) behaviour.complianceClock = settings.complianceClock;
    if (settings.mappedVolumes) behaviour.mappedVolumes = settings.mappedVolumes;
    if (settings.syncLink !== undefined) sync.setLink(settings.syncLink);
    if (settings.volumesPerSvm) behaviour.volumesPerSvm = settings.volumesPerSvm;
    for (const name of settings.addLicenses ?? []) cluster.licenses.add(name.toLowerCase());
    for (const name of settings.removeLicenses ?? []) cluster.licenses.delete(name.toLowerCase());
    if (reachable !== undefined) {
      isReachable = reachable;
      await follow();
    }
    for (const [name, port] of Object.entries(settings.peerPorts ?? {})) {
      peers.redirect(name, port);
      setup.meet(name);
    }
    if (peerPort !== undefined) {
      peers.main?.redirect(peerPort);
      setup.begin();
    }
  };

  const control = new ArrayDoor({
    token: config.control.token,
    state: () => ({ ...stateOf(world), setup: setup.progress }),
    clock,
    counters: () => [...dataPorts.counters(), ...block.counters()],
    resetCounters: () => {
      dataPorts.reset();
      block.reset();
    },
    calls: () => rest.calls,
    apply: (body) => apply(settingsSchema.parse(body)),
    act: (body) => act(world, actionSchema.parse(body)),
    addFault: (body) => faults.add(faultSchema.parse(body)),
    faults,
    faultPoints: () => faultPoints(world, dataPorts),
  });
  await dataPorts.open();
  await block.open();
  const hostPort = hosts && (await hostDoor?.listen(hosts.address, hosts.port));
  const interclusterPort = intercluster && door && (await intercluster.listen(door.address, door.port));
  const restPort = await rest.listen(config.rest.address, config.rest.port);
  const controlPort = await control.listen(config.control.port);
  if (config.peer && config.peer.port > 0) setup.begin();

  return {
    addresses: {
      name: config.cluster.name,
      clusterUuid: cluster.uuid,
      restAddress: config.rest.address,
      restPort,
      certificateSha256: certificate.sha256,
      certificatePem: certificate.certificatePem,
      controlPort,
      interclusterPort,
      hostPort,
      iscsiPortals: block.portals(),
      dataPorts: dataPorts.counters().map(({ svm, lif, address, nfsPort, mountPort, portmapPort }) => ({
        svm,
        lif,
        address,
        nfsPort,
        mountPort,
        portmapPort,
      })),
    },
    world,
    dataPorts,
    apply,
    relationsReady: () => setup.ready,
    close: async () => {
      setup.stop();
      await faults.clear();
      await sync.close();
      await engine.close();
      const doors = [control, rest, intercluster, hostDoor, dataPorts, block];
      await Promise.all(doors.map((one) => one?.close()));
      cluster.close();
    },
  };
}
