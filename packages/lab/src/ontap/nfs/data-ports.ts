import type { Clock } from '@leeward/core';
import { createNfsServer, type NfsServer } from '@leeward/transports/nfs/server/nfs-server';
import { createPortMapper } from '@leeward/transports/portmap/port-mapper';
import type { Cluster } from '../storage/cluster.ts';
import type { Lif, Svm } from '../storage/svm.ts';
import type { ExportAccess } from './export-access.ts';
import { nfsFault, type PortFaults } from './nfs-faults.ts';
import { Resolver } from './resolver.ts';
import { VolumeFileSystem } from './volume-file-system.ts';

export interface ByteCount {
  read: number;
  written: number;
}

interface DataPort {
  readonly svm: Svm;
  readonly lif: Lif;
  readonly clients: Map<string, ByteCount>;
  isCut: boolean;
  server: NfsServer | undefined;
  mapper: { close(): Promise<void> } | undefined;
}

export interface DataPortsDeps {
  readonly cluster: Cluster;
  readonly access: ExportAccess;
  readonly clock: Clock;
  readonly faults: PortFaults;
}

const programs = { nfs: 100003, mount: 100005 };

/** The NFS data ports of one cluster: one server per LIF that offers NFS, with counters per client. */
export class DataPorts {
  readonly #cluster: Cluster;
  readonly #access: ExportAccess;
  readonly #clock: Clock;
  readonly #faults: PortFaults;
  #ports: DataPort[] = [];
  #reachable = true;

  /** `clock` is that of real connections, whatever the lab does with the array's. */
  constructor(deps: DataPortsDeps) {
    this.#cluster = deps.cluster;
    this.#access = deps.access;
    this.#clock = deps.clock;
    this.#faults = deps.faults;
  }

  async open(): Promise<void> {
    for (const svm of this.#cluster.svms.filter((one) => one.nfs))
      for (const lif of svm.lifs.filter((one) => one.config.services.includes('data_nfs'))) {
        const port: DataPort = {
          ...{ svm, lif, clients: new Map(), isCut: false },
          ...{ server: undefined, mapper: undefined },
        };
        this.#ports.push(port);
        await this.#listen(port);
      }
  }

  async #listen(port: DataPort): Promise<void> {
    const { lif, svm } = port;
    const { address, nfsPort, mountPort, portmapPort } = lif.config;
    const resolver = new Resolver(this.#cluster, svm, this.#access);
    port.server = await createNfsServer({
      fileSystem: new VolumeFileSystem(resolver),
      address,
      nfsPort: lif.nfsPort || nfsPort,
      mountPort: lif.mountPort || mountPort,
      clock: this.#clock,
      faults: { onCall: (call) => nfsFault(this.#faults, address, resolver, call) },
      onBytesRead: (caller, bytes) => this.#count(port, caller.address, 'read', bytes),
      onBytesWritten: (caller, bytes) => this.#count(port, caller.address, 'written', bytes),
    });
    lif.nfsPort = port.server.nfsPort;
    lif.mountPort = port.server.mountPort;
    if (portmapPort === undefined) return;
    const mapper = await createPortMapper({
      address,
      port: lif.portmapPort ?? portmapPort,
      services: [
        { program: programs.nfs, version: 3, port: lif.nfsPort },
        { program: programs.mount, version: 3, port: lif.mountPort },
        { program: programs.mount, version: 1, port: lif.mountPort },
      ],
    });
    port.mapper = mapper;
    lif.portmapPort = mapper.port;
  }

  #count(port: DataPort, address: string, what: keyof ByteCount, bytes: number): void {
    const known = port.clients.get(address) ?? { read: 0, written: 0 };
    known[what] += bytes;
    port.clients.set(address, known);
  }

  counters() {
    return this.#ports.map(({ svm, lif, clients, server }) => {
      const all = [...clients.values()];
      return {
        svm: svm.name,
        lif: lif.config.name,
        address: lif.config.address,
        nfsPort: lif.nfsPort,
        mountPort: lif.mountPort,
        portmapPort: lif.portmapPort,
        connections: server?.connectionCount ?? 0,
        bytesRead: all.reduce((sum, one) => sum + one.read, 0),
        bytesWritten: all.reduce((sum, one) => sum + one.written, 0),
        clients: Object.fromEntries(clients),
      };
    });
  }

  reset(): void {
    for (const { clients } of this.#ports) clients.clear();
  }

  dropConnections(): void {
    for (const { server } of this.#ports) server?.dropConnections();
  }

  /** Off: nothing listens any more; on: the same ports as before. */
  async setReachable(reachable: boolean): Promise<void> {
    this.#reachable = reachable;
    for (const port of this.#ports) await this.#follow(port);
  }

  /** The network to the port at an address is cut or mended; false: there is none. */
  async setCut(address: string, isCut: boolean): Promise<boolean> {
    const found = this.#ports.filter(({ lif }) => lif.config.address === address);
    for (const port of found) {
      port.isCut = isCut;
      await this.#follow(port);
    }
    return found.length > 0;
  }

  async #follow(port: DataPort): Promise<void> {
    const wanted = this.#reachable && !port.isCut;
    if (wanted && !port.server) await this.#listen(port);
    if (!wanted) await stop(port);
  }

  /** Data addresses with what is exported there. */
  exports() {
    return this.#ports.map(({ svm, lif }) => ({
      address: lif.config.address,
      protocol: 'nfs' as const,
      paths: this.#cluster
        .visible()
        .filter((volume) => volume.svm === svm && volume.junction)
        .map((volume) => volume.junction?.path ?? ''),
    }));
  }

  async close(): Promise<void> {
    for (const port of this.#ports) await stop(port);
    this.#ports = [];
  }
}

async function stop(port: DataPort): Promise<void> {
  const { server, mapper } = port;
  port.server = undefined;
  port.mapper = undefined;
  await server?.close();
  await mapper?.close();
}
