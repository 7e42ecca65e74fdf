import type { DatastoreConfig } from '../config.ts';
import { Ref } from '../soap/value.ts';
import { DatastoreCatalogue } from './catalogue.ts';
import type { DatastoreFiles } from './datastore-files.ts';

/** A datastore of the inventory and the connections of its hosts. */
export class SimulatedDatastore {
  readonly ref: Ref;
  readonly browser: Ref;
  readonly config: DatastoreConfig;
  readonly uuid: string;
  readonly catalogue = new DatastoreCatalogue();
  readonly #connect: (hostName: string) => Promise<DatastoreFiles>;
  readonly #connections = new Map<string, Promise<DatastoreFiles>>();

  constructor(
    id: string,
    config: DatastoreConfig,
    uuid: string,
    connect: (hostName: string) => Promise<DatastoreFiles>,
  ) {
    this.ref = new Ref('Datastore', id);
    this.browser = new Ref('HostDatastoreBrowser', `datastoreBrowser-${id}`);
    this.config = config;
    this.uuid = uuid;
    this.#connect = connect;
  }

  get name(): string {
    return this.config.name;
  }

  /** `ds:///vmfs/volumes/…/` */
  get url(): string {
    return `ds:///vmfs/volumes/${this.uuid}/`;
  }

  /** The datastore as a host sees it; one connection per host. */
  filesOf(hostName: string): Promise<DatastoreFiles> {
    const known = this.#connections.get(hostName) ?? this.#connect(hostName);
    this.#connections.set(hostName, known);
    return known;
  }

  async close(): Promise<void> {
    for (const connection of this.#connections.values()) await (await connection).close();
  }
}
