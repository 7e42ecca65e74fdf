import type { DatastoreConfig } from '../config.ts';
import { Ref } from '../soap/value.ts';
import { DatastoreCatalogue } from './catalogue.ts';
import type { DatastoreFiles } from './datastore-files.ts';
import type { VmfsDatastore } from './vmfs-datastore.ts';

const tebibyte = 2 ** 40;

/** A datastore of the inventory and the connections of its hosts. */
export class SimulatedDatastore {
  readonly ref: Ref;
  readonly browser: Ref;
  readonly config: DatastoreConfig;
  readonly uuid: string;
  /** Over LUNs of arrays. */
  readonly vmfs: VmfsDatastore | undefined;
  readonly catalogue = new DatastoreCatalogue();
  readonly #connect: (hostName: string) => Promise<DatastoreFiles>;
  readonly #connections = new Map<string, Promise<DatastoreFiles>>();

  constructor(
    id: string,
    config: DatastoreConfig,
    uuid: string,
    connect: (hostName: string) => Promise<DatastoreFiles>,
    vmfs?: VmfsDatastore,
  ) {
    this.ref = new Ref('Datastore', id);
    this.browser = new Ref('HostDatastoreBrowser', `datastoreBrowser-${id}`);
    this.config = config;
    this.uuid = uuid;
    this.#connect = connect;
    this.vmfs = vmfs;
  }

  get name(): string {
    return this.config.name;
  }

  /** `ds:///vmfs/volumes/…/` */
  get url(): string {
    return `ds:///vmfs/volumes/${this.uuid}/`;
  }

  get capacityBytes(): number {
    return this.vmfs?.capacityBytes ?? this.config.capacityBytes;
  }

  get freeBytes(): number {
    return this.vmfs?.freeBytes ?? Math.floor(this.config.capacityBytes / 2);
  }

  /** The form of a disk's deltas: always SEsparse on VMFS-6; elsewhere COWD, which ends at 2 TiB. */
  deltaFormat(diskBytes: number): 'cowd' | 'sesparse' {
    return this.vmfs?.version === 6 || diskBytes >= 2 * tebibyte ? 'sesparse' : 'cowd';
  }

  /** The datastore as a host sees it; one connection per host. */
  filesOf(hostName: string): Promise<DatastoreFiles> {
    const known = this.#connections.get(hostName) ?? this.#connect(hostName);
    this.#connections.set(hostName, known);
    return known;
  }

  async close(): Promise<void> {
    for (const connection of this.#connections.values())
      await connection.then(
        (files) => files.close(),
        () => undefined,
      );
  }
}
