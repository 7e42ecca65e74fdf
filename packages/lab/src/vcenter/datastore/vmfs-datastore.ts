import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock, Randomness } from '@leeward/core';
import type { BlockStore } from '../../vmfs/block-store.ts';
import { VmfsHostVolume } from '../../vmfs/host-volume.ts';
import type { DatastoreConfig } from '../config.ts';
import type { HostStorage } from '../san/host-storage.ts';
import type { DatastoreFiles } from './datastore-files.ts';
import { VmfsFiles } from './vmfs-files.ts';

export interface VmfsDatastoreOptions {
  readonly config: DatastoreConfig & { readonly vmfs: NonNullable<DatastoreConfig['vmfs']> };
  /** By host name, in the order of the configuration; the first that has all LUNs formats the volume. */
  readonly hosts: ReadonlyMap<string, HostStorage>;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/**
 * A VMFS volume that several simulated hosts have mounted. What they know of its metadata is one state in memory, as
 * if their locks always worked; each host's I/O goes to the array under its own name. Metadata is on the LUNs before
 * a call ends, and every prefix of its writes leaves a volume that can be read: a storage snapshot may come between
 * any two.
 */
export class VmfsDatastore {
  readonly version: 5 | 6;
  readonly capacityBytes: number;
  readonly volume: VmfsHostVolume;
  /** Names of the hosts that have all LUNs. */
  readonly hostNames: readonly string[];
  readonly #actingHost: AsyncLocalStorage<string>;

  private constructor(
    version: 5 | 6,
    volume: VmfsHostVolume,
    hostNames: readonly string[],
    actingHost: AsyncLocalStorage<string>,
  ) {
    this.version = version;
    this.volume = volume;
    this.capacityBytes = volume.sizeBytes;
    this.hostNames = hostNames;
    this.#actingHost = actingHost;
  }

  /** Makes a new volume over the LUNs. Throws when no host has them all. */
  static async create({ config, hosts, clock, randomness }: VmfsDatastoreOptions): Promise<VmfsDatastore> {
    const { luns, version, placement, partitionTable } = config.vmfs;
    const seeing = [...hosts].filter(([, storage]) => luns.every((name) => storage.device(name)));
    const [first] = seeing;
    if (!first) {
      const found = [...hosts.values()].flatMap(({ devices }) =>
        devices.map(({ name }) => name.canonicalName),
      );
      throw new Error(
        `datastore ${config.name}: no host has all of ${luns.join(', ')}; found: ${found.join(', ') || 'none'}`,
      );
    }
    const actingHost = new AsyncLocalStorage<string>();
    const [firstName, firstStorage] = first;
    const stores = luns.map((name): BlockStore => {
      const device = () => {
        const own = hosts.get(actingHost.getStore() ?? firstName)?.device(name);
        if (!own) throw new Error(`host ${actingHost.getStore()} has no LUN ${name}`);
        return own;
      };
      return {
        sizeBytes: device().sizeBytes,
        read: (offsetBytes, target) => device().read(offsetBytes, target),
        write: (offsetBytes, data) => device().write(offsetBytes, data),
      };
    });
    const identities = luns.map((name) => {
      const facts = firstStorage.device(name)?.facts;
      const { lun = 0, vendor = '', product: model = '', revision = '' } = facts ?? {};
      return { lun, vendor, model, revision, naa: name.slice(name.indexOf('.') + 1) };
    });
    const options = { version, placement, partitionTable, identities, clock, random: randomness };
    const volume = await VmfsHostVolume.format(stores, { ...options, label: config.name });
    return new VmfsDatastore(
      version,
      volume,
      seeing.map(([name]) => name),
      actingHost,
    );
  }

  get uuid(): string {
    return this.volume.uuid;
  }

  get freeBytes(): number {
    return this.volume.freeBytes;
  }

  /** The datastore as one host sees it. */
  filesOf(hostName: string): DatastoreFiles {
    if (!this.hostNames.includes(hostName)) throw new Error(`host ${hostName} does not see all LUNs`);
    return new VmfsFiles(this.volume, (work) => this.#actingHost.run(hostName, work));
  }
}
