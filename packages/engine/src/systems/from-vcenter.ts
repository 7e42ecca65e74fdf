import type { Datastore, VirtualMachine, VmDisk } from '@leeward/core';
import type { DatastoreInfo, DiskInfo, HostInfo, VmInfo } from '@leeward/vsphere';

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

/** `hosts`: what is known of them; one that is not is called by its id. */
export function toVirtualMachine(
  info: VmInfo,
  vcenterId: string,
  hosts: readonly Pick<HostInfo, 'moId' | 'name'>[] = [],
): VirtualMachine {
  const { hostMoId } = info;
  const notConnected = stateOf(info);
  const tools = toolsStates[info.tools];
  return {
    id: { vcenterId, moId: info.moId },
    instanceUuid: info.instanceUuid,
    name: info.name,
    path: info.path,
    poweredOn: info.powerState === 'poweredOn',
    connected: notConnected === undefined,
    ...(notConnected ? { notConnected } : {}),
    isTemplate: info.isTemplate,
    encrypted: info.encrypted,
    vtpm: info.vtpm,
    snapshotsDisabled: info.snapshotsDisabled,
    ...(info.faultTolerance === 'notConfigured' ? {} : { faultTolerance: info.faultTolerance }),
    ...(tools ? { tools } : {}),
    ...(info.migration ? { migration: info.migration } : {}),
    ...(hostMoId
      ? { host: hosts.find(({ moId }) => moId === hostMoId) ?? { moId: hostMoId, name: hostMoId } }
      : {}),
    cbtEnabled: info.cbtEnabled,
    cbtSupported: info.cbtSupported,
    hasVmwareSnapshots: info.vmSnapshots.length > 0,
    vmxPath: info.vmxPath,
    disks: info.disks.map(toDisk),
  };
}

const badStates: Readonly<Record<string, VirtualMachine['notConnected']>> = {
  disconnected: 'disconnected',
  orphaned: 'orphaned',
  inaccessible: 'inaccessible',
  invalid: 'invalid',
};

/** What keeps the rest of the VM from being relied on. */
function stateOf({ connectionState, config }: VmInfo): VirtualMachine['notConnected'] {
  if (config === 'unreadable') return 'unreadable';
  if (connectionState !== 'connected') return badStates[connectionState] ?? 'disconnected';
  return config === 'absent' ? 'inaccessible' : undefined;
}

const toolsStates: Readonly<Record<VmInfo['tools'], VirtualMachine['tools']>> = {
  running: 'running',
  notRunning: 'not-running',
  notInstalled: 'not-installed',
  unknown: undefined,
};

const backings: Readonly<Record<DiskInfo['backing'], VmDisk['backing']>> = {
  flat: 'flat',
  sesparse: 'sparse',
  sparse: 'hosted',
  'rdm-virtual': 'rdm-virtual',
  'rdm-physical': 'rdm-physical',
  pmem: 'pmem',
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
    shared: info.sharedBus ? 'bus' : info.sharing === 'sharingMultiWriter' ? 'multi-writer' : false,
    fileName: info.fileName,
    datastoreMoId: info.datastoreMoId ?? '',
    parents: info.parents,
  };
}
