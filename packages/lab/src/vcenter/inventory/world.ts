import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Randomness } from '@leeward/core';
import { connectionClock } from '../../control/shifting-clock.ts';
import type { DatastoreConfig, VcenterConfig } from '../config.ts';
import { makeDatastore } from '../datastore/connect-datastore.ts';
import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import { HostStorage } from '../san/host-storage.ts';
import { Ref } from '../soap/value.ts';
import { createVm } from '../vm/create-vm.ts';
import { takeInitialSnapshots } from '../vm/initial-snapshots.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';
import { TruthLedger } from '../vm/truth-ledger.ts';
import { ChangeSignal } from './change-signal.ts';
import { clusterEntities } from './cluster-entity.ts';
import { datastoreEntity } from './datastore-entity.ts';
import { Entity, type ManagedObject, managedObject, refsOf } from './entity.ts';
import { hostEntity } from './host-entity.ts';
import { storageSystem } from './host-storage-system.ts';
import { snapshotObject, vmEntity } from './vm-entity.ts';

export interface WorldDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
}

interface DatacenterParts {
  readonly entity: Entity;
  readonly folders: Readonly<Record<'vm' | 'host' | 'datastore' | 'network', Entity>>;
  readonly network: Ref;
}

/** The whole inventory: entities, VMs, datastores, and every other object that has no session. */
export class World {
  readonly config: VcenterConfig;
  readonly root: Entity;
  readonly vms: SimulatedVm[] = [];
  readonly datastores: SimulatedDatastore[] = [];
  readonly changes = new ChangeSignal();
  readonly ledger: TruthLedger;
  readonly #deps: WorldDeps;
  readonly #objects = new Map<string, ManagedObject>();
  readonly #hosts: Entity[] = [];
  readonly #storages = new Map<string, HostStorage>();
  #lastId = 10;

  private constructor(config: VcenterConfig, deps: WorldDeps) {
    this.config = config;
    this.#deps = deps;
    this.ledger = new TruthLedger(deps.clock);
    this.root = this.#folder('group-d1', 'Datacenters', undefined, ['Folder', 'Datacenter']);
  }

  /** Builds the inventory and writes every VM to its datastore. */
  static async create(config: VcenterConfig, deps: WorldDeps): Promise<World> {
    const world = new World(config, deps);
    for (const name of ['truth', 'datastores'])
      await rm(join(config.folder, name), { recursive: true, force: true });
    await mkdir(join(config.folder, 'truth'), { recursive: true });
    try {
      await world.#build();
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  get clock(): Clock {
    return this.#deps.clock;
  }

  get randomness(): Randomness {
    return this.#deps.randomness;
  }

  newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  add(object: ManagedObject): void {
    this.#objects.set(object.ref.key, object);
  }

  delete(ref: Ref): void {
    this.#objects.delete(ref.key);
  }

  /** VMware snapshots are looked up in their VM, so they vanish with it. */
  object(ref: Ref): ManagedObject | undefined {
    if (ref.type !== 'VirtualMachineSnapshot') return this.#objects.get(ref.key);
    const vm = this.vmOfSnapshot(ref);
    const snapshot = vm?.snapshot(ref);
    return vm && snapshot ? snapshotObject(vm, snapshot) : undefined;
  }

  entity(ref: Ref): Entity | undefined {
    const found = this.object(ref);
    return found instanceof Entity ? found : undefined;
  }

  vm(ref: Ref): SimulatedVm | undefined {
    return this.vms.find((vm) => vm.ref.id === ref.id && ref.type === 'VirtualMachine');
  }

  vmOfSnapshot(ref: Ref): SimulatedVm | undefined {
    return this.vms.find((vm) => vm.snapshot(ref) !== undefined);
  }

  async close(): Promise<void> {
    await this.ledger.close();
    for (const vm of this.vms) for (const disk of vm.disks) await disk.close();
    for (const datastore of this.datastores) await datastore.close();
    for (const storage of this.#storages.values()) storage.close();
  }

  /** The block storage of a host, by its reference or that of its HostStorageSystem. */
  storageOf(ref: Ref): HostStorage | undefined {
    const host = this.#hosts.find((each) => each.ref.id === ref.id.replace(/^storageSystem-/, ''));
    return host && this.#storages.get(host.name);
  }

  async #build(): Promise<void> {
    const { config } = this;
    const datacenters = new Map(
      [...new Set(config.hosts.map((host) => host.datacenter))].map((name) => [name, this.#datacenter(name)]),
    );
    const pools = new Map<string, Entity>();
    for (const each of config.hosts)
      this.#storages.set(each.name, await HostStorage.connect(each, connectionClock(this.clock)));
    for (const each of config.datastores) await this.#datastore(each, partsOf(datacenters, each.datacenter));
    for (const each of config.hosts) {
      const parts = partsOf(datacenters, each.datacenter);
      const key = `${each.datacenter}/${each.cluster}`;
      const pool = pools.get(key) ?? this.#cluster(each.cluster, parts, each.datacenter);
      pools.set(key, pool);
      const storage = this.#storages.get(each.name);
      if (!storage) throw new Error(`host ${each.name} is not connected`);
      const host = hostEntity(new Ref('HostSystem', `host-${this.newId()}`), each, pool.parent ?? pool, {
        vms: () => this.vms.filter((vm) => vm.config.host === each.name),
        datastores: () => this.#datastoresOf(each.datacenter).filter((known) => isSeen(known, each.name)),
        storage,
        network: parts.network,
        version: config.apiVersion.split('.').slice(0, 3).join('.'),
        build: config.build,
        bootMs: this.clock.now(),
      });
      this.#hosts.push(host);
      this.add(host);
      this.add(storageSystem(host, storage, () => this.#datastoresOf(each.datacenter)));
    }
    await Promise.all(
      config.vms.map(async (each, index) => {
        const datastore = this.datastores.find(
          (known) => known.name === each.datastore && known.config.datacenter === each.datacenter,
        );
        const host = this.#hosts.find((known) => known.name === each.host);
        if (!datastore || !host) throw new Error(`VM ${each.name}: its datastore or host does not exist`);
        const parts = partsOf(datacenters, each.datacenter);
        const vm = await createVm(
          each,
          {
            id: `vm-${100 + index}`,
            datastore,
            datastores: this.#datastoresOf(each.datacenter),
            network: parts.network,
            directory: this.#directoryOf(index),
            truthFolder: join(config.folder, 'truth'),
            falsePositiveFraction: config.cbt.falsePositiveFraction,
          },
          { ...this.#deps, changed: () => this.changes.notify() },
        );
        this.vms.push(vm);
        await takeInitialSnapshots(vm, {
          ledger: this.ledger,
          newSnapshotId: () => `snapshot-${this.newId()}`,
        });
        const pool = host.parent?.children.find((child) => child.ref.type === 'ResourcePool');
        const entity = vmEntity(vm, {
          folder: this.#vmFolder(parts, each.folder),
          host: host.ref,
          resourcePool: (pool ?? host).ref,
          network: parts.network,
        });
        this.add(entity);
      }),
    );
    this.vms.sort((a, b) => Number(a.ref.id.slice(3)) - Number(b.ref.id.slice(3)));
  }

  #datacenter(name: string): DatacenterParts {
    const number = this.newId();
    const networkRef = new Ref('Network', `network-${number}`);
    let parts: DatacenterParts | undefined;
    const part = (kind: keyof DatacenterParts['folders']) => () => parts?.folders[kind].ref;
    const entity = new Entity(new Ref('Datacenter', `datacenter-${number}`), name, this.root, {
      vmFolder: part('vm'),
      hostFolder: part('host'),
      datastoreFolder: part('datastore'),
      networkFolder: part('network'),
      datastore: () => refsOf(this.#datastoresOf(name)),
      network: () => [networkRef],
      configuration: () => ({ $type: 'DatacenterConfigInfo' }),
    });
    this.add(entity);
    parts = {
      entity,
      network: networkRef,
      folders: {
        vm: this.#folder(`group-v${number}`, 'vm', entity, ['Folder', 'VirtualMachine', 'VirtualApp']),
        host: this.#folder(`group-h${number}`, 'host', entity, ['Folder', 'ComputeResource']),
        datastore: this.#folder(`group-s${number}`, 'datastore', entity, [
          'Folder',
          'Datastore',
          'StoragePod',
        ]),
        network: this.#folder(`group-n${number}`, 'network', entity, ['Folder', 'Network']),
      },
    };
    const network = new Entity(networkRef, 'VM Network', parts.folders.network, {
      summary: () => ({
        $type: 'NetworkSummary',
        network: networkRef,
        name: 'VM Network',
        accessible: true,
        ipPoolName: '',
      }),
      host: () => refsOf(this.#hostsOf(name)),
      vm: () => refsOf(this.vms.filter((vm) => vm.config.datacenter === name)),
    });
    this.add(network);
    return parts;
  }

  #cluster(name: string, parts: DatacenterParts, datacenter: string): Entity {
    const inCluster = () =>
      this.config.hosts
        .filter((host) => host.cluster === name && host.datacenter === datacenter)
        .map((host) => host.name);
    const { cluster, pool } = clusterEntities(this.newId(), name, parts.folders.host, {
      hosts: () => this.#hosts.filter((host) => inCluster().includes(host.name)),
      datastores: () => this.#datastoresOf(datacenter),
      vms: () => this.vms.filter((vm) => !vm.config.template && inCluster().includes(vm.config.host)),
      network: parts.network,
    });
    this.newId();
    this.add(cluster);
    this.add(pool);
    return pool;
  }

  async #datastore(config: DatastoreConfig, parts: DatacenterParts): Promise<void> {
    const inDatacenter = this.config.hosts.filter((host) => host.datacenter === config.datacenter);
    const hosts = new Map(
      [...this.#storages].filter(([name]) => inDatacenter.some((host) => host.name === name)),
    );
    const deps = { ...this.#deps, config: this.config, hosts };
    const datastore = await makeDatastore(`datastore-${this.newId()}`, config, deps);
    this.datastores.push(datastore);
    this.add(
      datastoreEntity(datastore, {
        folder: parts.folders.datastore,
        hosts: () => this.#hostsOf(config.datacenter).filter((host) => isSeen(datastore, host.name)),
        vms: () => this.vms.filter((vm) => vm.datastores.includes(datastore)),
      }),
    );
    this.add(managedObject(datastore.browser, { datastore: () => [datastore.ref], supportedType: () => [] }));
  }

  #folder(id: string, name: string, parent: Entity | undefined, childType: string[]): Entity {
    const folder: Entity = new Entity(new Ref('Folder', id), name, parent, {
      childType: () => childType,
      childEntity: () => refsOf(folder.children),
    });
    this.add(folder);
    return folder;
  }

  #vmFolder(parts: DatacenterParts, path: string): Entity {
    let at = parts.folders.vm;
    for (const name of path.split('/').filter(Boolean))
      at =
        at.children.find((child) => child.name === name && child.ref.type === 'Folder') ??
        this.#folder(`group-v${this.newId()}`, name, at, ['Folder', 'VirtualMachine', 'VirtualApp']);
    return at;
  }

  /** A second VM of the same name on a datastore gets `name_1`, as vCenter does it. */
  #directoryOf(index: number): string {
    const base = (at: number) => this.config.vms[at]?.name.replace(/[/\\%]/g, '_') ?? '';
    const same = this.config.vms
      .slice(0, index)
      .filter((each, at) => base(at) === base(index) && each.datastore === this.config.vms[index]?.datastore);
    return same.length === 0 ? base(index) : `${base(index)}_${same.length}`;
  }

  #datastoresOf(datacenter: string): SimulatedDatastore[] {
    return this.datastores.filter((each) => each.config.datacenter === datacenter);
  }

  #hostsOf(datacenter: string): Entity[] {
    const names = this.config.hosts.filter((host) => host.datacenter === datacenter).map((host) => host.name);
    return this.#hosts.filter((host) => names.includes(host.name));
  }
}

/** A VMFS volume over LUNs is there for hosts that have all of them. */
function isSeen({ vmfs }: SimulatedDatastore, hostName: string): boolean {
  return vmfs === undefined || vmfs.hostNames.includes(hostName);
}

function partsOf(all: ReadonlyMap<string, DatacenterParts>, name: string): DatacenterParts {
  const parts = all.get(name);
  if (!parts) throw new Error(`datacenter ${name} has no host`);
  return parts;
}
