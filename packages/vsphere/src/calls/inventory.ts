import { type DatastoreInfo, datastorePaths, describeDatastore } from '../model/datastore.ts';
import { unescapeName } from '../model/inventory-name.ts';
import type { HostInfo, Place } from '../model/places.ts';
import { describeVm, type VmInfo, vmPaths } from '../model/vm.ts';
import type { Ref } from '../schema/values.ts';
import { type ReadObject, readAllBelow, readObject } from '../session/collector.ts';
import type { CallOptions, SessionHandle } from '../session/session-call.ts';
import { readMigrations } from './migrations.ts';
import { explainMissingVm, refuseUnread } from './missing-object.ts';
import { PlaceTree, placeRequest } from './places.ts';

export interface VcenterInventory {
  readonly datacenters: readonly Place[];
  /** Folders, storage pods and vApps, the hidden `vm`, `host`, … folders of data centres included. */
  readonly folders: readonly Place[];
  readonly hosts: readonly HostInfo[];
  readonly datastores: readonly DatastoreInfo[];
  readonly vms: readonly VmInfo[];
}

const everything = {
  ...placeRequest,
  HostSystem: ['name', 'runtime.connectionState', 'runtime.inMaintenanceMode', 'config.product'],
  Datastore: datastorePaths,
  VirtualMachine: vmPaths,
} as const;

/** All that the account may see, in one sweep. */
export async function readInventory(handle: SessionHandle, options: CallOptions): Promise<VcenterInventory> {
  const tree = new PlaceTree(handle, options);
  const hosts: HostInfo[] = [];
  const datastores: ReadObject<'Datastore'>[] = [];
  const vms: { readonly parent: Parent; readonly vm: VmInfo; readonly tasks: readonly Ref[] }[] = [];
  await readAllBelow(
    handle,
    handle.content.rootFolder,
    everything,
    (object) => {
      if (object.type === 'VirtualMachine') {
        // Only what is needed is kept of each page.
        const tasks = object.values.recentTask ?? [];
        vms.push({ parent: parentOf(object), vm: describeVm(object, ''), tasks });
      } else if (object.type === 'Datastore') datastores.push(object);
      else if (object.type === 'HostSystem') hosts.push(describeHost(object));
      else if (object.type === 'Folder' || object.type === 'Datacenter' || object.type === 'VirtualApp')
        tree.add(object);
      else if (object.type === 'StoragePod') tree.add(object);
    },
    options,
  );
  const vmInfos: VmInfo[] = [];
  const migrations = await readMigrations(handle, vms, options);
  for (const { parent, vm } of vms) {
    const migration = migrations.get(vm.moId);
    const path = `${await tree.pathOf(parent)}${vm.path}`;
    vmInfos.push({ ...vm, path, ...(migration ? { migration } : {}) });
  }
  const datastoreInfos: DatastoreInfo[] = [];
  for (const object of datastores)
    datastoreInfos.push(describeDatastore(object, await tree.datacenterPathOf(object.values.parent)));
  const places = await tree.list();
  return {
    datacenters: places.filter(({ kind }) => kind === 'datacenter'),
    folders: places.filter(({ kind }) => kind !== 'datacenter'),
    hosts,
    datastores: datastoreInfos,
    vms: vmInfos,
  };
}

/** One VM as it is now. Throws `L-VC-201` when it is gone, `L-VC-203` when its configuration cannot be read. */
export async function readVm(handle: SessionHandle, moId: string, options: CallOptions): Promise<VmInfo> {
  const object = await readObject(handle, 'VirtualMachine', moId, vmPaths, options).catch((error) => {
    throw explainMissingVm(error, moId);
  });
  const path = await new PlaceTree(handle, options).pathOf(parentOf(object));
  const vm = describeVm(object, path);
  if (vm.config === 'read') {
    const tasks = object.values.recentTask ?? [];
    const migration = (await readMigrations(handle, [{ vm, tasks }], options)).get(moId);
    return { ...vm, ...(migration ? { migration } : {}) };
  }
  refuseUnread(handle, object, vm.name);
  const reason = `vCenter has none, the VM is ${vm.connectionState}`;
  throw handle.problem('L-VC-203', { vm: vm.name, moId, reason });
}

type Parent = ReturnType<typeof parentOf>;

function parentOf({ values }: ReadObject<'VirtualMachine'>) {
  return values.parent ?? values.parentVApp;
}

function describeHost({ moId, values }: ReadObject<'HostSystem'>): HostInfo {
  const product = values['config.product'];
  return {
    moId,
    name: unescapeName(values.name ?? moId),
    connectionState: values['runtime.connectionState'] ?? 'unknown',
    inMaintenanceMode: values['runtime.inMaintenanceMode'] ?? false,
    ...(product ? { version: product.version, build: product.build } : {}),
  };
}
