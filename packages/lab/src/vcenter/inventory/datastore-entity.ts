import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import type { DataObject, Ref } from '../soap/value.ts';
import { Entity, refsOf } from './entity.ts';

export interface DatastoreSurroundings {
  readonly folder: Entity;
  readonly hosts: () => readonly { readonly ref: Ref }[];
  readonly vms: () => readonly { readonly ref: Ref }[];
}

const tebibyte = 2 ** 40;

export function datastoreEntity(datastore: SimulatedDatastore, around: DatastoreSurroundings): Entity {
  const { capacityBytes, type } = datastore.config;
  const freeSpace = Math.floor(capacityBytes / 2);
  return new Entity(datastore.ref, datastore.name, around.folder, {
    info: () => info(datastore, freeSpace),
    summary: () => ({
      $type: 'DatastoreSummary',
      datastore: datastore.ref,
      name: datastore.name,
      url: datastore.url,
      capacity: capacityBytes,
      freeSpace,
      uncommitted: 0,
      accessible: true,
      multipleHostAccess: around.hosts().length > 1,
      type,
      maintenanceMode: 'normal',
    }),
    host: () =>
      around.hosts().map(({ ref }) => ({
        $type: 'DatastoreHostMount',
        key: ref,
        mountInfo: {
          $type: 'HostMountInfo',
          path: `/vmfs/volumes/${datastore.uuid}`,
          accessMode: 'readWrite',
          mounted: true,
          accessible: true,
        },
      })),
    vm: () => refsOf(around.vms()),
    browser: () => datastore.browser,
    capability: () => ({
      $type: 'DatastoreCapability',
      directoryHierarchySupported: true,
      rawDiskMappingsSupported: type === 'VMFS',
      perFileThinProvisioningSupported: true,
      storageIORMSupported: true,
      nativeSnapshotSupported: false,
    }),
  });
}

function info(datastore: SimulatedDatastore, freeSpace: number): DataObject {
  const { config, uuid } = datastore;
  const common = {
    name: datastore.name,
    url: datastore.url,
    freeSpace,
    maxFileSize: 64 * tebibyte,
    maxVirtualDiskCapacity: 62 * tebibyte,
    maxMemoryFileSize: 64 * tebibyte,
  };
  const volume = { type: config.type, name: datastore.name, capacity: config.capacityBytes };
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
        vmfs: {
          $type: 'HostVmfsVolume',
          ...volume,
          blockSizeMb: 1,
          blockSize: 1024,
          maxBlocks: 63_963_136,
          majorVersion: 6,
          version: '6.82',
          uuid,
          extent: [
            {
              $type: 'HostScsiDiskPartition',
              diskName: config.diskName ?? 'naa.600140500000000000000000000000aa',
              partition: 1,
            },
          ],
          vmfsUpgradable: false,
          ssd: true,
          local: false,
        },
      };
    default:
      return {
        $type: 'VvolDatastoreInfo',
        ...common,
        vvolDS: { $type: 'HostVvolVolume', ...volume, scId: `vvol:${uuid}` },
      };
  }
}
