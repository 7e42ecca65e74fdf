import type { DatastorePath, SeenRelation, TopologyPath } from '@leeward/core/words/topology';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { KnownVm, VmFilter, VmPlace } from '../store/vms.ts';
import type { StorageMap, StorageMaps } from '../topology/storage-map.ts';
import { membersOfJobs } from './members-of-jobs.ts';
import { type Page, type PageRequest, Pages, textKey } from './page.ts';

/** `find`: part of the name of a VM, a datastore, a volume, an array or a proxy. */
export interface TopologyFilter extends Pick<VmFilter, 'vm' | 'find' | 'datastore'> {
  /** Only VMs of these jobs; absent: all. */
  readonly jobIds?: readonly string[] | undefined;
  /** Name of an array that has a volume of the path. */
  readonly array?: string | undefined;
}

const pages = new Pages<readonly [string, string]>('topology', [textKey, textKey]);

/** The picture VM → datastore → primary volume → relation → secondary volume → proxy, from what was last seen. */
export class TopologyService {
  readonly #store: BackupDeps['store'];
  readonly #maps: StorageMaps;

  constructor({ store }: Pick<BackupDeps, 'store'>, maps: StorageMaps) {
    this.#store = store;
    this.#maps = maps;
  }

  /** The paths of so many VMs as `limit` says, by name of the VM. */
  async show(
    { array, jobIds, ...filter }: TopologyFilter = {},
    request: PageRequest = {},
  ): Promise<Page<TopologyPath>> {
    const map = await this.#maps.current();
    const on = {
      members: await membersOfJobs(this.#store, jobIds),
      ...(array === undefined ? {} : { onDatastores: map.onArray(array) }),
      ...(filter.find === undefined ? {} : { findOn: map.withText(filter.find) }),
    };
    const after = placeOf(pages.after(request));
    const found = await this.#store.vms.bare({ ...filter, ...on }, pages.rows(request), after);
    const { items, next } = pages.page(found, request, ({ name, key }) => [name, key]);
    return { items: items.flatMap((vm) => pathsOfVm(vm, map)), ...(next === undefined ? {} : { next }) };
  }

  /** Each relation that VMs, of these jobs, lie on once, with their number; what is ill first, then by lag. */
  async relations({ jobIds }: Pick<TopologyFilter, 'jobIds'> = {}): Promise<readonly SeenRelation[]> {
    const members = await membersOfJobs(this.#store, jobIds);
    const [map, groups] = await Promise.all([
      this.#maps.current(),
      this.#store.vms.byDatastores({ members }),
    ]);
    const seen = new Map<string, SeenRelation>();
    for (const { vcenterId, moIds, vms } of groups) {
      const own = new Map<string, SeenRelation>();
      for (const moId of moIds)
        for (const path of map.paths({ vcenterId, moId })) {
          const found = relationOf(path);
          if (found) own.set(JSON.stringify([found.source, found.destination, found.relation.kind]), found);
        }
      for (const [key, found] of own) seen.set(key, { ...found, vms: (seen.get(key)?.vms ?? 0) + vms });
    }
    return [...seen.values()].toSorted(
      (a, b) =>
        Number(a.relation.healthy) - Number(b.relation.healthy) ||
        (b.relation.lagMs ?? 0) - (a.relation.lagMs ?? 0),
    );
  }
}

export function placeOf(key: readonly [string, string] | undefined): VmPlace | undefined {
  return key && { name: key[0], key: key[1] };
}

function pathsOfVm(
  { name, path, vcenterId, datastoreMoIds }: KnownVm,
  map: StorageMap,
): readonly TopologyPath[] {
  return datastoreMoIds.flatMap((moId) => {
    const datastore = map.datastore({ vcenterId, moId });
    if (!datastore) return [];
    return map
      .paths({ vcenterId, moId })
      .map((each) => ({ vm: name, vmPath: path, datastore: datastore.name, ...each }));
  });
}

function relationOf({ primary, via, secondary, relation }: DatastorePath): SeenRelation | undefined {
  const source = via?.at(-1) ?? primary;
  return source && secondary && relation && { source, destination: secondary, relation, vms: 0 };
}
