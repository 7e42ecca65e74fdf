import type { ArrayInventory, Datastore, PlanningInventory } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { planningProxies } from '../inventory/planning-inventory.ts';
import type { DatastoreKey } from '../store/vms.ts';
import { type DatastorePath, pathsOfDatastore } from './paths.ts';

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
  #last: { readonly fingerprint: string; readonly map: StorageMap } | undefined;

  constructor(deps: Pick<BackupDeps, 'store' | 'clock'>) {
    this.#deps = deps;
  }

  async current(): Promise<StorageMap> {
    const { store } = this.#deps;
    const [versions, proxies] = await Promise.all([store.systems.versions(), planningProxies(this.#deps)]);
    const fingerprint = JSON.stringify([versions, proxies]);
    if (this.#last?.fingerprint === fingerprint) return this.#last.map;
    const [vcenters, arrays] = await Promise.all([
      store.systems.list('vcenter'),
      store.systems.list('array'),
    ]);
    const versionOf = new Map(versions.map(({ id, version }) => [id, version]));
    await Promise.all([
      ...vcenters.map(({ id }) => this.#readVcenter(id, versionOf.get(id) ?? '')),
      ...arrays.map(({ id }) => this.#readArray(id, versionOf.get(id) ?? '')),
    ]);
    const inventory = {
      vcenters: vcenters.map(({ id, name }) => ({
        id,
        name,
        datastores: this.#vcenters.get(id)?.datastores ?? [],
        vms: [],
      })),
      arrays: arrays.map(({ id, name, problem }) => {
        const known = this.#arrays.get(id)?.inventory;
        return { id, name, ...(known ? { inventory: known } : {}), ...(problem ? { problem } : {}) };
      }),
      proxies,
      repositories: [],
      points: [],
    };
    this.#vcenters = kept(this.#vcenters, vcenters);
    this.#arrays = kept(this.#arrays, arrays);
    const map = mapOf(inventory);
    this.#last = { fingerprint, map };
    return map;
  }

  async #readVcenter(id: string, version: string): Promise<void> {
    if (this.#vcenters.get(id)?.version === version) return;
    const datastores = await new InventoryCache(this.#deps.store).datastores(id);
    this.#vcenters.set(id, { version, datastores });
  }

  async #readArray(id: string, version: string): Promise<void> {
    if (this.#arrays.get(id)?.version === version) return;
    this.#arrays.set(id, { version, inventory: await new InventoryCache(this.#deps.store).array(id) });
  }
}

function kept<T>(known: Map<string, T>, systems: readonly { readonly id: string }[]): Map<string, T> {
  const ids = new Set(systems.map(({ id }) => id));
  return new Map([...known].filter(([id]) => ids.has(id)));
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
