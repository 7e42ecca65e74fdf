import type { Types } from './grammar.ts';

/** Datastores and the volumes below them. */
export const datastoreTypes = {
  DatastoreSummary: {
    fields: {
      datastore: 'ref?',
      name: 'string',
      url: 'string',
      capacity: 'long?',
      freeSpace: 'long?',
      uncommitted: 'long?',
      accessible: 'boolean',
      multipleHostAccess: 'boolean?',
      type: 'string',
      maintenanceMode: 'string?',
    },
  },
  DatastoreInfo: { fields: { name: 'string', url: 'string', freeSpace: 'long?' } },
  VmfsDatastoreInfo: { base: 'DatastoreInfo', fields: { vmfs: 'HostVmfsVolume?' } },
  NasDatastoreInfo: { base: 'DatastoreInfo', fields: { nas: 'HostNasVolume?' } },
  LocalDatastoreInfo: { base: 'DatastoreInfo', fields: { path: 'string?' } },
  VvolDatastoreInfo: { base: 'DatastoreInfo', fields: {} },
  VsanDatastoreInfo: { base: 'DatastoreInfo', fields: {} },
  PMemDatastoreInfo: { base: 'DatastoreInfo', fields: {} },
  HostFileSystemVolume: { fields: { type: 'string', name: 'string', capacity: 'long?' } },
  HostScsiDiskPartition: { fields: { diskName: 'string', partition: 'int' } },
  HostVmfsVolume: {
    base: 'HostFileSystemVolume',
    fields: {
      blockSizeMb: 'int?',
      majorVersion: 'int?',
      version: 'string',
      uuid: 'string',
      extent: 'HostScsiDiskPartition[]',
      local: 'boolean?',
    },
  },
  HostNasVolume: {
    base: 'HostFileSystemVolume',
    fields: {
      remoteHost: 'string',
      remotePath: 'string',
      userName: 'string?',
      remoteHostNames: 'string[]',
      securityType: 'string?',
    },
  },
  ScsiLunDurableName: { fields: { namespace: 'string', namespaceId: 'byte', data: 'byte[]' } },
} as const satisfies Types;
