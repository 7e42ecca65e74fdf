import type { ErrorReport } from '../errors/leeward-error.ts';
import type { SyncFacts } from './array-inventory.ts';

/** A volume, by the names that people know. */
export interface TopologyPlace {
  readonly array: string;
  readonly tenant: string;
  readonly volume: string;
}

export interface TopologyRelation {
  readonly kind: string;
  readonly policy: string;
  readonly policyName: string;
  readonly state: string;
  readonly healthy: boolean;
  readonly lagMs?: number;
  /** Of a `sync` one. */
  readonly sync?: SyncFacts;
}

/** One way from a datastore to a secondary volume, or why there is none. */
export interface DatastorePath {
  readonly primary?: TopologyPlace;
  readonly relation?: TopologyRelation;
  /** Of a cascade: the volumes between the primary and the secondary, in order; `relation` is then the last hop. */
  readonly via?: readonly TopologyPlace[];
  readonly secondary?: TopologyPlace;
  readonly proxies: readonly string[];
  /** Why this path cannot be used now. */
  readonly problem?: ErrorReport;
}

/** One way from a VM to a secondary volume, or why there is none. */
export interface TopologyPath extends DatastorePath {
  readonly vm: string;
  readonly vmPath: string;
  readonly datastore: string;
}

/** A relation that VMs lie on. */
export interface SeenRelation {
  readonly source: TopologyPlace;
  readonly destination: TopologyPlace;
  readonly relation: TopologyRelation;
  readonly vms: number;
}
