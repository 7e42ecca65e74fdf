import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import type { HostDevice } from '../san/host-device.ts';
import type { HostStorage } from '../san/host-storage.ts';
import { type DataObject, Ref } from '../soap/value.ts';
import { datastoreInfo } from './datastore-info.ts';
import { type ManagedObject, managedObject } from './entity.ts';
import { adapterDevice, internetScsiAdapter } from './iscsi-adapter.ts';

const adapterKey = `key-vim.host.InternetScsiHba-${adapterDevice}`;

/** HostStorageSystem of a host. */
export function storageSystem(
  host: { readonly ref: Ref },
  storage: HostStorage,
  datastores: () => readonly SimulatedDatastore[],
): ManagedObject {
  return managedObject(storageSystemRef(host.ref), {
    storageDeviceInfo: () => storageDeviceInfo(storage),
    fileSystemVolumeInfo: () => fileSystemVolumeInfo(datastores()),
    value: () => [],
    availableField: () => [],
  });
}

export function storageSystemRef(host: Ref): Ref {
  return new Ref('HostStorageSystem', `storageSystem-${host.id}`);
}

/** The adapter and the LUNs of a host: also `config.storageDevice`. */
export function storageDeviceInfo({ devices, initiatorName }: HostStorage): DataObject {
  return {
    $type: 'HostStorageDeviceInfo',
    hostBusAdapter: [internetScsiAdapter(adapterKey, initiatorName)],
    scsiLun: devices.map(scsiDisk),
    multipathInfo: { $type: 'HostMultipathInfo', lun: devices.map(multipathLun) },
    softwareInternetScsiEnabled: true,
  };
}

/** The volumes that a host has mounted: also `config.fileSystemVolume`. */
export function fileSystemVolumeInfo(datastores: readonly SimulatedDatastore[]): DataObject {
  const mountInfo = datastores.flatMap((datastore): DataObject[] => {
    const info = datastoreInfo(datastore);
    const volume = info['vmfs'] ?? info['nas'] ?? info['vvolDS'];
    const place = { path: `/vmfs/volumes/${datastore.uuid}`, accessMode: 'readWrite' };
    const mount = { $type: 'HostMountInfo', ...place, mounted: true, accessible: true };
    return volume ? [{ $type: 'HostFileSystemMountInfo', mountInfo: mount, volume }] : [];
  });
  return { $type: 'HostFileSystemVolumeInfo', volumeTypeList: ['VMFS', 'NFS', 'NFS41'], mountInfo };
}

function diskKey({ name }: HostDevice): string {
  return `key-vim.host.ScsiDisk-${name.uuid}`;
}

function scsiDisk(device: HostDevice): DataObject {
  const { facts, name, sizeBytes, state } = device;
  const { vendor, product, revision, serial, blockBytes } = facts;
  const devicePath = `/vmfs/devices/disks/${name.canonicalName}`;
  return {
    $type: 'HostScsiDisk',
    deviceName: devicePath,
    deviceType: 'disk',
    key: diskKey(device),
    uuid: name.uuid,
    descriptor: [
      { $type: 'ScsiLunDescriptor', quality: 'highQuality', id: name.canonicalName },
      { $type: 'ScsiLunDescriptor', quality: 'highQuality', id: `vml.${name.uuid}` },
    ],
    canonicalName: name.canonicalName,
    displayName: `${vendor} iSCSI Disk (${name.canonicalName})`,
    lunType: 'disk',
    vendor: vendor.padEnd(8),
    model: product.padEnd(16),
    revision: revision.padEnd(4),
    scsiLevel: 6,
    serialNumber: 'unavailable',
    durableName: { $type: 'ScsiLunDurableName', ...durableName(name.canonicalName) },
    alternateName: [
      {
        $type: 'ScsiLunDurableName',
        namespace: 'SERIALNUM',
        namespaceId: 4,
        data: signed(Buffer.from(serial)),
      },
    ],
    queueDepth: 128,
    operationalState: [state],
    capabilities: { $type: 'ScsiLunCapabilities', updateDisplayNameSupported: true },
    vStorageSupport: 'vStorageSupported',
    protocolEndpoint: false,
    capacity: { $type: 'HostDiskDimensionsLba', blockSize: blockBytes, block: sizeBytes / blockBytes },
    devicePath,
    ssd: true,
    localDisk: false,
    scsiDiskType: 'native512',
  };
}

/** The designator of VPD page 0x83 with its header: binary, of the logical unit, of type NAA (3) or EUI-64 (2). */
function durableName(canonicalName: string) {
  const [kind = '', digits = ''] = canonicalName.split('.');
  const id = Buffer.from(digits, 'hex');
  const header = Buffer.from([0x01, kind === 'eui' ? 2 : 3, 0x00, id.length]);
  return { namespace: 'GENERIC_VPD', namespaceId: 5, data: signed(Buffer.concat([header, id])) };
}

function signed(bytes: Buffer): number[] {
  return [...new Int8Array(bytes)];
}

function multipathLun(device: HostDevice): DataObject {
  const name = `${adapterDevice}:C0:T0:L${device.facts.lun}`;
  return {
    $type: 'HostMultipathInfoLogicalUnit',
    key: `key-vim.host.MultipathInfo.LogicalUnit-${device.name.uuid}`,
    id: device.name.uuid,
    lun: diskKey(device),
    path: [
      {
        $type: 'HostMultipathInfoPath',
        key: `key-vim.host.MultipathInfo.Path-${name}-${device.name.canonicalName}`,
        name,
        pathState: device.state === 'ok' ? 'active' : 'dead',
        state: device.state === 'ok' ? 'active' : 'dead',
        isWorkingPath: device.state === 'ok',
        adapter: adapterKey,
        lun: `key-vim.host.MultipathInfo.LogicalUnit-${device.name.uuid}`,
        transport: {
          $type: 'HostInternetScsiTargetTransport',
          iScsiName: device.facts.target,
          iScsiAlias: '',
          address: [],
        },
      },
    ],
    policy: { $type: 'HostMultipathInfoLogicalUnitPolicy', policy: 'VMW_PSP_RR' },
  };
}
