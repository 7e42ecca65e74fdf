import type { Datastore, VirtualMachine, VmDisk } from '@leeward/core';
import type { DatastoreInfo, DiskInfo, VmInfo } from '@leeward/vsphere';

/** Server names to the addresses they resolve to; a name that cannot be resolved has none. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

const datastoreKinds: Readonly<Record<DatastoreInfo['type'], Datastore['kind']>> = {
  NFS: 'nfs3',
  NFS41: 'nfs41',
  VMFS: 'vmfs',
  VVOL: 'vvol',
  vsan: 'vsan',
  other: 'other',
};

export async function toDatastore(info: DatastoreInfo, resolve: ResolveHost): Promise<Datastore> {
  const { moId, name, type, accessible, datacenterPath, nfs, vmfs, url } = info;
  const hostFolder = /^ds:\/\/\/vmfs\/volumes\/([^/]+)\/?$/.exec(url)?.[1];
  const extents = vmfs?.extents.map(({ diskName }) => diskName.toLowerCase());
  const base: Datastore = {
    ...{ moId, name, kind: datastoreKinds[type], accessible, datacenterPath },
    ...(vmfs && extents ? { vmfs: { uuid: vmfs.uuid, extents } } : {}),
    ...(hostFolder ? { hostFolder } : {}),
  };
  if (!nfs) return base;
  const addresses = (await Promise.all(nfs.remoteHosts.map(resolve))).flat();
  return { ...base, nfs: { hosts: nfs.remoteHosts, addresses, path: nfs.remotePath } };
}

export function toVirtualMachine(info: VmInfo, vcenterId: string): VirtualMachine {
  return {
    id: { vcenterId, moId: info.moId },
    instanceUuid: info.instanceUuid,
    name: info.name,
    path: info.path,
    poweredOn: info.powerState === 'poweredOn',
    connected: info.connectionState === 'connected' && info.config === 'read',
    isTemplate: info.isTemplate,
    encrypted: info.encrypted,
    cbtEnabled: info.cbtEnabled,
    cbtSupported: info.cbtSupported,
    hasVmwareSnapshots: info.vmSnapshots.length > 0,
    vmxPath: info.vmxPath,
    disks: info.disks.map(toDisk),
  };
}

const backings: Readonly<Record<DiskInfo['backing'], VmDisk['backing']>> = {
  flat: 'flat',
  sesparse: 'sparse',
  sparse: 'sparse',
  'rdm-virtual': 'rdm-virtual',
  'rdm-physical': 'rdm-physical',
  pmem: 'other',
  other: 'other',
};

function toDisk(info: DiskInfo): VmDisk {
  return {
    key: info.key,
    label: info.label,
    node: info.node,
    sizeBytes: info.sizeBytes,
    backing: backings[info.backing],
    independent: info.diskMode.startsWith('independent') || info.diskMode === 'nonpersistent',
    shared: info.sharing === 'sharingMultiWriter' || info.sharedBus,
    fileName: info.fileName,
    datastoreMoId: info.datastoreMoId ?? '',
    parents: info.parents,
  };
}
