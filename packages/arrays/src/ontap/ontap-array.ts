import type { Clock, VolumeId } from '@leeward/core';
import { LeewardError } from '@leeward/core';
import type { OtherArray } from '../contract/other-array.ts';
import type { RestObserver } from '../rest/exchange.ts';
import { type Cluster, readCluster, refuseUnsupported } from './cluster.ts';
import { RestClient } from './rest/rest-client.ts';
import type { OntapSettings } from './settings.ts';

/** What the world outside gives to a driver. */
export interface OntapDeps {
  readonly clock: Clock;
  /** Addresses of a host name as the array would see them; without it host names in rules stay unknown. */
  readonly resolveHost?: (name: string, signal?: AbortSignal) => Promise<readonly string[]>;
  readonly observer?: RestObserver;
  /** See `DriverDeps`. */
  readonly otherArray?: OtherArray;
}

/** The connection to one cluster and what is known of it; shared by all parts of the driver. */
export class OntapArray {
  readonly settings: OntapSettings;
  readonly deps: OntapDeps;
  readonly rest: RestClient;
  #cluster: Cluster | undefined;

  constructor(settings: OntapSettings, deps: OntapDeps) {
    this.settings = settings;
    this.deps = deps;
    this.rest = new RestClient(settings, deps.clock, deps.observer);
  }

  /** The cluster as first seen; throws for one that this driver must not work with. */
  async cluster(signal?: AbortSignal): Promise<Cluster> {
    return this.#cluster ?? (await this.refreshCluster(signal));
  }

  /** Reads the cluster anew (it may have been upgraded). */
  async refreshCluster(signal?: AbortSignal): Promise<Cluster> {
    const cluster = await readCluster(this.rest, signal);
    // One that has become unsupported is refused from now on, whatever it was before.
    this.#cluster = undefined;
    refuseUnsupported(this.rest.host, cluster);
    this.#cluster = cluster;
    return cluster;
  }

  /** The array's own id of an object, after checking that it is an object of this array. */
  async ownId(id: VolumeId, signal?: AbortSignal): Promise<string> {
    const { uuid, name } = await this.cluster(signal);
    if (id.arraySerial === uuid) return id.objectId;
    const object = `object ${id.objectId}: it belongs to the array ${id.arraySerial}, not to ${name}`;
    throw new LeewardError('L-ARR-009', { host: this.rest.host, object });
  }
}
