import { LeewardError } from '../errors/leeward-error.ts';
import type { Volume } from '../words/array-inventory.ts';
import type { Datastore } from '../words/virtual-machine.ts';
import { parseDatastorePath } from './datastore-path.ts';
import { locateVmfs } from './locate-vmfs.ts';
import type { LocatedFile } from './plan.ts';
import type { PlanningArray, PlanningInventory } from './planning-inventory.ts';

export interface VolumeHome {
  readonly array: PlanningArray;
  readonly volume: Volume;
}

/** A volume that holds a datastore or a part of it, and how its storage snapshot is read. */
export type DatastorePart =
  | { readonly home: VolumeHome; readonly protocol: 'nfs' }
  | {
      readonly home: VolumeHome;
      readonly protocol: 'iscsi';
      /** `Lun.path` of the extent. */
      readonly lunPath: string;
      readonly scsiName: string;
    };

export interface DatastoreHome {
  /** One; more for a VMFS datastore of several extents, in their order. */
  readonly parts: readonly DatastorePart[];
  /** Path of the datastore's root inside the volume, without slashes around it; empty for the volume's root. */
  readonly folder: string;
}

/** The volumes behind a datastore, as far as registered arrays serve it. */
export function locateDatastore(
  datastore: Datastore,
  inventory: PlanningInventory,
): DatastoreHome | undefined {
  return datastore.vmfs ? locateVmfs(datastore.vmfs.extents, inventory) : locateNfs(datastore, inventory);
}

/**
 * An NFS datastore: an array whose data port has one of the datastore's addresses, and there the volume of the same
 * tenant with the longest mount path that holds the datastore's path.
 */
function locateNfs({ nfs }: Datastore, inventory: PlanningInventory): DatastoreHome | undefined {
  if (!nfs) return undefined;
  const addresses = new Set([...nfs.addresses, ...nfs.hosts]);
  const homes = inventory.arrays.flatMap((array) => {
    const tenants = (array.inventory?.dataPorts ?? [])
      .filter((port) => port.protocols.includes('nfs') && addresses.has(port.address))
      .map((port) => port.tenantId);
    return (array.inventory?.volumes ?? [])
      .filter((volume) => tenants.includes(volume.tenantId) && volume.nfsPath !== undefined)
      .flatMap((volume) => {
        const folder = pathBelow(nfs.path, volume.nfsPath ?? '/');
        return folder === undefined ? [] : [{ array, volume, folder }];
      });
  });
  const [best] = homes.sort((a, b) => (b.volume.nfsPath ?? '').length - (a.volume.nfsPath ?? '').length);
  if (!best) return undefined;
  const { array, volume, folder } = best;
  return { parts: [{ home: { array, volume }, protocol: 'nfs' }], folder };
}

export interface FileOwner {
  readonly vm: string;
  readonly disk: string;
}

export interface FileHome {
  readonly located: LocatedFile;
  readonly parts: readonly DatastorePart[];
}

/** A datastore file as a path inside a volume; throws the catalogue error that says why it has none. */
export function locateFile(
  fileName: string,
  datastores: readonly Datastore[],
  inventory: PlanningInventory,
  owner: FileOwner,
): FileHome {
  const parsed = parseDatastorePath(fileName);
  const datastore = datastores.find(({ name }) => name === parsed?.datastore);
  if (!parsed || !datastore)
    throw new LeewardError('L-PLN-103', { ...owner, datastore: fileName, location: 'unknown to vCenter' });
  refuseKind(datastore, owner);
  const home = locateDatastore(datastore, inventory);
  const [first] = home?.parts ?? [];
  if (!home || !first) throw notServed(datastore, inventory, owner);
  const arrays = new Set(home.parts.map(({ home: { array } }) => array.name));
  if (arrays.size > 1)
    throw new LeewardError('L-PLN-126', {
      ...owner,
      datastore: datastore.name,
      arrays: [...arrays].join(', '),
    });
  return {
    located: {
      volume: first.home.volume.id,
      datastore: datastore.name,
      folder: home.folder,
      path: parsed.path,
      hostFolders: [datastore.name, ...(datastore.hostFolder ? [datastore.hostFolder] : [])],
      ...(datastore.vmfs
        ? { vmfs: { uuid: datastore.vmfs.uuid, extents: home.parts.flatMap(extentOf) } }
        : {}),
    },
    parts: home.parts,
  };
}

const kindCodes = { vvol: 'L-PLN-135', vsan: 'L-PLN-136' } as const;

/** Throws where a datastore of this kind, or in this state, is on no volume that could be found. */
function refuseKind({ name, kind, accessible, nfs, vmfs }: Datastore, owner: FileOwner): void {
  const details = { ...owner, datastore: name };
  if (kind === 'vvol' || kind === 'vsan') throw new LeewardError(kindCodes[kind], details);
  if (!accessible) throw new LeewardError('L-PLN-137', details);
  if (!nfs && !vmfs) throw new LeewardError('L-PLN-112', { ...details, type: kind });
}

function notServed(datastore: Datastore, inventory: PlanningInventory, owner: FileOwner): LeewardError {
  const details = { ...owner, datastore: datastore.name };
  const extents = datastore.vmfs?.extents ?? [];
  const unknown = extents.filter((extent) => !locateVmfs([extent], inventory));
  return unknown.length < extents.length
    ? new LeewardError('L-PLN-138', { ...details, extents: extents.length, unknown: unknown.join(', ') })
    : new LeewardError('L-PLN-103', { ...details, location: placeOf(datastore) });
}

function extentOf(part: DatastorePart) {
  if (part.protocol === 'nfs') return [];
  return [{ volume: part.home.volume.id, lunPath: part.lunPath, scsiName: part.scsiName }];
}

function placeOf({ nfs, vmfs }: Datastore): string {
  return nfs ? `${nfs.hosts.join(',')}:${nfs.path}` : `LUN ${(vmfs?.extents ?? []).join(', ')}`;
}

/** `/vol/ds1/sub` below `/vol/ds1` is `sub`; equal paths give an empty text; otherwise `undefined`. */
export function pathBelow(path: string, parent: string): string | undefined {
  const parts = path.split('/').filter(Boolean);
  const parents = parent.split('/').filter(Boolean);
  return parents.every((part, at) => parts[at] === part) ? parts.slice(parents.length).join('/') : undefined;
}
