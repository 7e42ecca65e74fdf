import type { ArrayInventory, Datastore, PlanningInventory, PlanningProxy } from '@leeward/core';
import type { DatastorePath } from '@leeward/core/words/topology';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { planningProxies } from '../inventory/planning-inventory.ts';
import type { DatastoreKey } from '../store/vms.ts';
import { pathsOfDatastore } from './paths.ts';

/** Where each datastore lies and leads to, from what was last read. */
export interface StorageMap {
  datastore(key: DatastoreKey): Datastore | undefined;
  paths(key: DatastoreKey): readonly DatastorePath[];
  /** Datastores with a volume on this array, or whose relations lead there. */
  onArray(name: string): readonly DatastoreKey[];
  /** Datastores whose name, or something of whose paths, contains the text, whatever the case. */
  withText(text: string): readonly DatastoreKey[];
  readonly vcenterNames: ReadonlyMap<string, string>;
}

type SystemVersions = Awaited<ReturnType<BackupDeps['store']['systems']['versions']>>;

interface KeptVcenter {
  readonly version: string;
  readonly datastores: readonly Datastore[];
}

interface KeptArray {
  readonly version: string;
  readonly inventory: ArrayInventory | undefined;
}

/**
 * Makes the map and keeps it until something was read anew or a proxy came or went: what a page of a list needs of it
 * costs no reading of whole inventories. Holds the inventories of arrays and the datastores, never VMs.
 */
export class StorageMaps {
  readonly #deps: Pick<BackupDeps, 'store' | 'clock'>;
  #vcenters = new Map<string, KeptVcenter>();
  #arrays = new Map<string, KeptArray>();
  #last: { readonly fingerprint: string; readonly map: Promise<StorageMap> } | undefined;

  constructor(deps: Pick<BackupDeps, 'store' | 'clock'>) {
    this.#deps = deps;
  }

  async current(): Promise<StorageMap> {
    const { store } = this.#deps;
    const [versions, proxies] = await Promise.all([store.systems.versions(), planningProxies(this.#deps)]);
    const fingerprint = JSON.stringify([versions, proxies]);
    if (this.#last?.fingerprint === fingerprint) return this.#last.map;
    // Who asks while it is being made waits for the same one.
    const map = this.#make(versions, proxies);
    const last = { fingerprint, map };
    this.#last = last;
    map.catch(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return map;
  }

  async #make(versions: SystemVersions, proxies: readonly PlanningProxy[]): Promise<StorageMap> {
    const { store } = this.#deps;
    const [vcenters, arrays] = await Promise.all([
      store.systems.list('vcenter'),
      store.systems.list('array'),
    ]);
    const versionOf = new Map(versions.map(({ id, version }) => [id, version]));
    const [seenVcenters, seenArrays] = await Promise.all([
      Promise.all(
        vcenters.map(async ({ id }) => [id, await this.#vcenter(id, versionOf.get(id) ?? '')] as const),
      ),
      Promise.all(
        arrays.map(async ({ id }) => [id, await this.#array(id, versionOf.get(id) ?? '')] as const),
      ),
    ]);
    this.#vcenters = new Map(seenVcenters);
    this.#arrays = new Map(seenArrays);
    return mapOf({
      vcenters: vcenters.map(({ id, name }, at) => ({
        id,
        name,
        datastores: seenVcenters[at]?.[1].datastores ?? [],
        vms: [],
      })),
      arrays: arrays.map(({ id, name, problem }, at) => {
        const known = seenArrays[at]?.[1].inventory;
        return { id, name, ...(known ? { inventory: known } : {}), ...(problem ? { problem } : {}) };
      }),
      proxies,
      repositories: [],
      points: [],
    });
  }

  async #vcenter(id: string, version: string): Promise<KeptVcenter> {
    const known = this.#vcenters.get(id);
    if (known?.version === version) return known;
    return { version, datastores: await new InventoryCache(this.#deps.store).datastores(id) };
  }

  async #array(id: string, version: string): Promise<KeptArray> {
    const known = this.#arrays.get(id);
    if (known?.version === version) return known;
    return { version, inventory: await new InventoryCache(this.#deps.store).array(id) };
  }
}

function mapOf(inventory: PlanningInventory): StorageMap {
  const datastores = new Map<string, Datastore>();
  const keys: DatastoreKey[] = [];
  for (const { id, datastores: own } of inventory.vcenters)
    for (const datastore of own) {
      const key = { vcenterId: id, moId: datastore.moId };
      keys.push(key);
      datastores.set(textOf(key), datastore);
    }
  const known = new Map<string, readonly DatastorePath[]>();
  const paths = (key: DatastoreKey): readonly DatastorePath[] => {
    const text = textOf(key);
    const datastore = datastores.get(text);
    if (!datastore) return [];
    const found = known.get(text) ?? pathsOfDatastore(inventory, datastore);
    known.set(text, found);
    return found;
  };
  return {
    vcenterNames: new Map(inventory.vcenters.map(({ id, name }) => [id, name])),
    datastore: (key) => datastores.get(textOf(key)),
    paths,
    withText: (text) =>
      keys.filter((key) => {
        const names = paths(key).flatMap(({ primary, via = [], secondary, proxies }) => [
          ...[primary, ...via, secondary].flatMap((place) => (place ? [place.array, place.volume] : [])),
          ...proxies,
        ]);
        const all = [datastores.get(textOf(key))?.name ?? '', ...names].join('\n');
        return all.toLowerCase().includes(text.toLowerCase());
      }),
    onArray: (name) =>
      keys.filter((key) =>
        paths(key).some(({ primary, via = [], secondary }) =>
          [primary, ...via, secondary].some((place) => place?.array === name),
        ),
      ),
  };
}

function textOf({ vcenterId, moId }: DatastoreKey): string {
  return `${vcenterId}/${moId}`;
}
