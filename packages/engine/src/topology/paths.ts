import {
  chooseRelation,
  type Job,
  jobDefaults,
  locateDatastore,
  type PlanningInventory,
  type RelationHop,
  relationPathsOf,
  reportOf,
  type VolumeHome,
} from '@leeward/core';
import type { DatastorePath, TopologyPlace } from '@leeward/core/words/topology';

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
