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
import type { BackupDeps } from '../backup/backup-deps.ts';
import { planningInventory } from '../inventory/planning-inventory.ts';

export interface TopologyPlace {
  readonly array: string;
  readonly tenant: string;
  readonly volume: string;
}

/** One way from a VM to a secondary volume, or why there is none. */
export interface TopologyPath {
  readonly vm: string;
  readonly vmPath: string;
  readonly datastore: string;
  readonly primary?: TopologyPlace;
  readonly relation?: {
    readonly kind: string;
    readonly policy: string;
    readonly policyName: string;
    readonly state: string;
    readonly healthy: boolean;
    readonly lagMs?: number;
    /** Of a `sync` one. */
    readonly sync?: SyncFacts;
  };
  /** Of a cascade: the volumes between the primary and the secondary, in order; `relation` is then the last hop. */
  readonly via?: readonly TopologyPlace[];
  readonly secondary?: TopologyPlace;
  readonly proxies: readonly string[];
  /** Why this path cannot be used now. */
  readonly problem?: ReturnType<typeof reportOf>;
}

/** The picture VM → datastore → primary volume → relation → secondary volume → proxy, from what was last seen. */
export class TopologyService {
  readonly #deps: BackupDeps;

  constructor(deps: BackupDeps) {
    this.#deps = deps;
  }

  async show(filter: { readonly vm?: string | undefined } = {}): Promise<readonly TopologyPath[]> {
    const inventory = await planningInventory(this.#deps, { refresh: false });
    return inventory.vcenters.flatMap((vcenter) =>
      vcenter.vms
        .filter((vm) => filter.vm === undefined || [vm.name, vm.path, vm.id.moId].includes(filter.vm))
        .flatMap((vm) => {
          const used = new Set(vm.disks.map(({ datastoreMoId }) => datastoreMoId));
          return vcenter.datastores
            .filter((datastore) => used.has(datastore.moId))
            .flatMap((datastore) => {
              const base = { vm: vm.name, vmPath: vm.path, datastore: datastore.name };
              return pathsOf(inventory, datastore).map((path) => ({ ...base, ...path }));
            });
        }),
    );
  }
}

type Path = Omit<TopologyPath, 'vm' | 'vmPath' | 'datastore'>;

function pathsOf(
  inventory: PlanningInventory,
  datastore: PlanningInventory['vcenters'][number]['datastores'][number],
): readonly Path[] {
  const { parts = [] } = locateDatastore(datastore, inventory) ?? {};
  const homes = [...new Map(parts.map(({ home }) => [home.volume.id.objectId, home])).values()];
  return homes.length === 0 ? [{ proxies: [] }] : homes.flatMap((home) => pathsOfVolume(inventory, home));
}

function pathsOfVolume(inventory: PlanningInventory, home: VolumeHome): readonly Path[] {
  const primary = { array: home.array.name, tenant: home.volume.tenant, volume: home.volume.name };
  const relations = relationPathsOf(home, inventory);
  if (relations.length === 0) {
    const { problem } = chooseRelation(home, anyJob, inventory);
    return [{ primary, proxies: [], ...(problem ? { problem: reportOf(problem) } : {}) }];
  }
  const proxies = inventory.proxies.filter(({ online }) => online).map(({ name }) => name);
  return relations.map(({ relation, secondary, via }): Path => {
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
