import type { VcenterConfig } from '../config.ts';
import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import { escapedName } from '../inventory/entity.ts';
import type { World } from '../inventory/world.ts';
import { type FolderOrigin, Transfers } from './folder-origin.ts';

/** What an ESXi host calls its only datacenter. */
const hostDatacenter = 'ha-datacenter';

/** The `/folder` doors of a vCenter and its hosts, with what each shows. */
export interface FolderOrigins {
  readonly vcenter: FolderOrigin;
  /** By name of the host; also of those without a door, which read for vCenter. */
  readonly hosts: ReadonlyMap<string, FolderOrigin>;
}

export function folderOrigins(world: World): FolderOrigins {
  const { config } = world;
  const hosts = new Map(config.hosts.map((host) => [host.name, hostOrigin(world, host)]));
  const datacenters = [...new Set(config.hosts.map(({ datacenter }) => datacenter))];
  const vcenter: FolderOrigin = {
    name: 'vcenter',
    transfers: new Transfers(config.maxTransfers),
    datacenters: datacenters.map(escapedName),
    defaultDatacenter: undefined,
    datastores: (datacenter) =>
      world.datastores.filter((each) => escapedName(each.config.datacenter) === datacenter),
    // vCenter asks the one with the least to do, whichever host the VM runs on.
    hostFor: (datastore) =>
      [...hosts.values()]
        .filter((host) => host.datastores(hostDatacenter).includes(datastore))
        .map(({ transfers }) => transfers)
        .sort((a, b) => a.inFlight - b.inFlight)[0],
  };
  return { vcenter, hosts };
}

function hostOrigin(world: World, host: VcenterConfig['hosts'][number]): FolderOrigin {
  return {
    name: host.name,
    transfers: new Transfers(host.maxTransfers),
    datacenters: [hostDatacenter],
    defaultDatacenter: hostDatacenter,
    datastores: () => world.datastores.filter((datastore) => isMounted(datastore, host)),
    hostFor: () => undefined,
  };
}

function isMounted({ config, vmfs }: SimulatedDatastore, host: VcenterConfig['hosts'][number]): boolean {
  return config.datacenter === host.datacenter && (vmfs?.hostNames.includes(host.name) ?? true);
}
