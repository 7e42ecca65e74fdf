import { LeewardError } from '../errors/leeward-error.ts';
import type { Volume } from '../words/array-inventory.ts';
import type { Datastore } from '../words/virtual-machine.ts';
import { parseDatastorePath } from './datastore-path.ts';
import type { LocatedFile } from './plan.ts';
import type { PlanningArray, PlanningInventory } from './planning-inventory.ts';

export interface VolumeHome {
  readonly array: PlanningArray;
  readonly volume: Volume;
  /** Path of the datastore's root inside the volume, without slashes around it; empty for the volume's root. */
  readonly folder: string;
}

/**
 * The volume behind an NFS datastore: an array whose data port has one of the datastore's addresses, and there
 * the volume of the same tenant with the longest mount path that holds the datastore's path.
 */
export function locateDatastore(datastore: Datastore, inventory: PlanningInventory): VolumeHome | undefined {
  const { nfs } = datastore;
  if (!nfs) return undefined;
  const addresses = new Set([...nfs.addresses, ...nfs.hosts]);
  const homes = inventory.arrays.flatMap((array) => {
    const tenants = (array.inventory?.dataPorts ?? [])
      .filter((port) => port.protocols.includes('nfs') && addresses.has(port.address))
      .map((port) => port.tenantId);
    return (array.inventory?.volumes ?? [])
      .filter((volume) => tenants.includes(volume.tenantId) && volume.nfsPath !== undefined)
      .flatMap((volume): VolumeHome[] => {
        const folder = pathBelow(nfs.path, volume.nfsPath ?? '/');
        return folder === undefined ? [] : [{ array, volume, folder }];
      });
  });
  return homes.sort((a, b) => (b.volume.nfsPath ?? '').length - (a.volume.nfsPath ?? '').length)[0];
}

export interface FileOwner {
  readonly vm: string;
  readonly disk: string;
}

/** A datastore file as a path inside a volume; throws the catalogue error that says why it has none. */
export function locateFile(
  fileName: string,
  datastores: readonly Datastore[],
  inventory: PlanningInventory,
  owner: FileOwner,
): LocatedFile & { readonly home: VolumeHome } {
  const parsed = parseDatastorePath(fileName);
  const datastore = datastores.find(({ name }) => name === parsed?.datastore);
  if (!parsed || !datastore)
    throw new LeewardError('L-PLN-103', { ...owner, datastore: fileName, location: 'unknown to vCenter' });
  if (!datastore.nfs)
    throw new LeewardError('L-PLN-112', { ...owner, datastore: datastore.name, type: datastore.kind });
  const home = locateDatastore(datastore, inventory);
  if (!home) {
    const location = `${datastore.nfs.hosts.join(',')}:${datastore.nfs.path}`;
    throw new LeewardError('L-PLN-103', { ...owner, datastore: datastore.name, location });
  }
  const path = home.folder === '' ? parsed.path : `${home.folder}/${parsed.path}`;
  return { volume: home.volume.id, path, home };
}

/** `/vol/ds1/sub` below `/vol/ds1` is `sub`; equal paths give an empty text; otherwise `undefined`. */
export function pathBelow(path: string, parent: string): string | undefined {
  const parts = path.split('/').filter(Boolean);
  const parents = parent.split('/').filter(Boolean);
  return parents.every((part, at) => parts[at] === part) ? parts.slice(parents.length).join('/') : undefined;
}
