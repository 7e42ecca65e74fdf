import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import type { Ref } from '../soap/value.ts';
import { datastoreInfo } from './datastore-info.ts';
import { Entity, refsOf } from './entity.ts';

export interface DatastoreSurroundings {
  readonly folder: Entity;
  readonly hosts: () => readonly { readonly ref: Ref }[];
  readonly vms: () => readonly { readonly ref: Ref }[];
}

export function datastoreEntity(datastore: SimulatedDatastore, around: DatastoreSurroundings): Entity {
  const { type, accessible } = datastore.config;
  return new Entity(datastore.ref, datastore.name, around.folder, {
    info: () => datastoreInfo(datastore),
    summary: () => ({
      $type: 'DatastoreSummary',
      datastore: datastore.ref,
      name: datastore.name,
      url: datastore.url,
      capacity: datastore.capacityBytes,
      freeSpace: datastore.freeBytes,
      uncommitted: 0,
      accessible,
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
          accessible,
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
