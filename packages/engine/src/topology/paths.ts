import {
  chooseRelation,
  type Job,
  jobDefaults,
  locateDatastore,
  type PlanningInventory,
  type RelationHop,
  relationPathsOf,
  reportOf,
  type SyncFacts,
  type VolumeHome,
} from '@leeward/core';

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
  readonly problem?: ReturnType<typeof reportOf>;
}

type KnownDatastore = PlanningInventory['vcenters'][number]['datastores'][number];

/** Every way from a datastore on; at least one, without anything in it where no registered array has the datastore. */
export function pathsOfDatastore(
  inventory: PlanningInventory,
  datastore: KnownDatastore,
): readonly DatastorePath[] {
  const { parts = [] } = locateDatastore(datastore, inventory) ?? {};
  const homes = [...new Map(parts.map(({ home }) => [home.volume.id.objectId, home])).values()];
  return homes.length === 0 ? [{ proxies: [] }] : homes.flatMap((home) => pathsOfVolume(inventory, home));
}

function pathsOfVolume(inventory: PlanningInventory, home: VolumeHome): readonly DatastorePath[] {
  const primary = { array: home.array.name, tenant: home.volume.tenant, volume: home.volume.name };
  const relations = relationPathsOf(home, inventory);
  if (relations.length === 0) {
    const { problem } = chooseRelation(home, anyJob, inventory);
    return [{ primary, proxies: [], ...(problem ? { problem: reportOf(problem) } : {}) }];
  }
  const proxies = inventory.proxies.filter(({ online }) => online).map(({ name }) => name);
  return relations.map(({ relation, secondary, via }): DatastorePath => {
    const { array, volume } = { array: secondary.name, volume: relation.destination.volumeName };
    const job = { ...anyJob, relation: `${array}/${volume}` };
    const { problem } = chooseRelation(home, job, inventory);
    const { kind, policy, policyName, health, sync } = relation;
    return {
      primary,
      relation: {
        kind,
        policy,
        policyName,
        state: health.state,
        healthy: health.healthy,
        ...(health.lagMs === undefined ? {} : { lagMs: health.lagMs }),
        ...(sync ? { sync } : {}),
      },
      ...(via.length > 0 ? { via: via.map(placeOf) } : {}),
      secondary: placeOf({ relation, secondary }),
      proxies,
      ...(problem ? { problem: reportOf(problem) } : {}),
    };
  });
}

function placeOf({ relation: { destination }, secondary }: RelationHop): TopologyPlace {
  return { array: secondary.name, tenant: destination.tenant, volume: destination.volumeName };
}

const anyJob: Job = { ...jobDefaults, id: '', name: '', vms: [], repositoryId: '' };
