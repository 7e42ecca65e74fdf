import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import type { DataObject, Value } from '../soap/value.ts';

const tebibyte = 2 ** 40;

type DataObjectFields = Readonly<Record<string, Value>>;

/** `info` of a datastore, by its kind. */
export function datastoreInfo(datastore: SimulatedDatastore): DataObject {
  const { config, uuid } = datastore;
  const common = {
    name: datastore.name,
    url: datastore.url,
    freeSpace: datastore.freeBytes,
    maxFileSize: 64 * tebibyte,
    maxVirtualDiskCapacity: 62 * tebibyte,
    maxMemoryFileSize: 64 * tebibyte,
  };
  const volume: DataObjectFields = {
    type: config.type,
    name: datastore.name,
    capacity: datastore.capacityBytes,
  };
  switch (config.type) {
    case 'NFS':
    case 'NFS41':
      return {
        $type: 'NasDatastoreInfo',
        ...common,
        nas: {
          $type: 'HostNasVolume',
          ...volume,
          remoteHost: config.remoteHost ?? config.remoteHosts?.join(',') ?? 'unknown',
          remotePath: config.remotePath ?? '/',
          userName: '',
          remoteHostNames: config.type === 'NFS41' ? (config.remoteHosts ?? []) : undefined,
          securityType: config.type === 'NFS41' ? 'AUTH_SYS' : undefined,
          protocolEndpoint: false,
        },
      };
    case 'VMFS':
      return {
        $type: 'VmfsDatastoreInfo',
        ...common,
        maxPhysicalRDMFileSize: 64 * tebibyte,
        maxVirtualRDMFileSize: 62 * tebibyte,
        vmfs: vmfsVolume(datastore, volume),
      };
    case 'vsan':
      return { $type: 'VsanDatastoreInfo', ...common, membershipUuid: uuid, accessGenNo: 1 };
    default:
      return {
        $type: 'VvolDatastoreInfo',
        ...common,
        vvolDS: { $type: 'HostVvolVolume', ...volume, scId: `vvol:${uuid}` },
      };
  }
}

function vmfsVolume({ config, vmfs, uuid }: SimulatedDatastore, common: DataObjectFields): DataObject {
  const isSix = vmfs?.version !== 5;
  const luns = config.vmfs?.luns ??
    config.diskNames ?? [config.diskName ?? 'naa.600140500000000000000000000000aa'];
  const partition = config.vmfs?.partitionTable === 'none' ? 0 : 1;
  return {
    $type: 'HostVmfsVolume',
    ...common,
    blockSizeMb: 1,
    blockSize: 1024,
    ...(isSix ? { unmapGranularity: 1024, unmapPriority: 'low' } : {}),
    maxBlocks: 63_963_136,
    majorVersion: isSix ? 6 : 5,
    version: isSix ? '6.82' : '5.81',
    uuid,
    extent: luns.map((diskName) => ({ $type: 'HostScsiDiskPartition', diskName, partition })),
    vmfsUpgradable: false,
    ssd: true,
    local: false,
    ...(isSix ? { scsiDiskType: 'native512' } : {}),
  };
}
