import type { HostConfig } from '../config.ts';
import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import type { HostStorage } from '../san/host-storage.ts';
import { type DataObject, Ref } from '../soap/value.ts';
import { Entity, refsOf } from './entity.ts';
import { fileSystemVolumeInfo, storageDeviceInfo, storageSystemRef } from './host-storage-system.ts';

export interface HostSurroundings {
  readonly vms: () => readonly { readonly ref: Ref }[];
  readonly datastores: () => readonly SimulatedDatastore[];
  readonly storage: HostStorage;
  readonly network: Ref;
  readonly version: string;
  readonly build: string;
  readonly bootMs: number;
}

/** An ESXi host of a cluster. */
export function hostEntity(ref: Ref, config: HostConfig, cluster: Entity, around: HostSurroundings): Entity {
  const runtime = (): DataObject => ({
    $type: 'HostRuntimeInfo',
    connectionState: 'connected',
    powerState: 'poweredOn',
    inMaintenanceMode: false,
    bootTime: new Date(around.bootMs),
  });
  return new Entity(ref, config.name, cluster, {
    runtime,
    summary: () => ({
      $type: 'HostListSummary',
      host: ref,
      runtime: runtime(),
      hardware: hardware(),
      config: {
        $type: 'HostConfigSummary',
        name: config.name,
        port: 443,
        product: product(around),
        vmotionEnabled: true,
        faultToleranceEnabled: false,
      },
      quickStats: { $type: 'HostListSummaryQuickStats', overallCpuUsage: 800, overallMemoryUsage: 16_384 },
      overallStatus: 'green',
      rebootRequired: false,
    }),
    configManager: () => ({
      $type: 'HostConfigManager',
      storageSystem: storageSystemRef(ref),
      datastoreSystem: new Ref('HostDatastoreSystem', `datastoreSystem-${ref.id}`),
    }),
    config: () => ({
      $type: 'HostConfigInfo',
      host: ref,
      product: product(around),
      storageDevice: storageDeviceInfo(around.storage),
      fileSystemVolume: fileSystemVolumeInfo(around.datastores()),
    }),
    vm: () => refsOf(around.vms()),
    datastore: () => refsOf(around.datastores()),
    network: () => [around.network],
    datastoreBrowser: () => new Ref('HostDatastoreBrowser', `datastoreBrowser-${ref.id}`),
  });
}

export function product(around: Pick<HostSurroundings, 'version' | 'build'>): DataObject {
  return {
    $type: 'AboutInfo',
    name: 'VMware ESXi',
    fullName: `VMware ESXi ${around.version} build-${around.build}`,
    vendor: 'VMware, Inc.',
    version: around.version,
    build: around.build,
    osType: 'vmnix-x86',
    productLineId: 'embeddedEsx',
    apiType: 'HostAgent',
    apiVersion: around.version,
    licenseProductName: 'VMware ESX Server',
    licenseProductVersion: '8.0',
  };
}

function hardware(): DataObject {
  return {
    $type: 'HostHardwareSummary',
    vendor: 'Lab',
    model: 'Simulated host',
    uuid: '4c4c4544-0000-0000-0000-000000000000',
    memorySize: 137_438_953_472,
    cpuModel: 'Lab CPU @ 2.60GHz',
    cpuMhz: 2600,
    numCpuPkgs: 2,
    numCpuCores: 16,
    numCpuThreads: 32,
    numNics: 2,
    numHBAs: 1,
  };
}
