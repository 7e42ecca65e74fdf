import type { Layer } from '../disk/layer.ts';
import type { SimulatedDisk } from '../disk/simulated-disk.ts';
import type { DataObject } from '../soap/value.ts';
import { nodeOf } from '../vm/nodes.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';

/** A disk as a configuration shows it: the running one (current layer) or the one of a VMware snapshot. */
export interface ShownDisk {
  readonly disk: SimulatedDisk;
  readonly layer: Layer;
  readonly changeId: string | undefined;
}

export function currentDisks(vm: SimulatedVm): ShownDisk[] {
  return vm.disks.map((disk) => ({ disk, layer: disk.top, changeId: disk.tracker?.openId }));
}

/** `config.hardware.device` */
export function devicesOf(vm: SimulatedVm, shown: readonly ShownDisk[]): DataObject[] {
  const nodes = vm.disks.map((disk) => nodeOf(disk.options.node));
  const controllers = [...new Map(nodes.map((node) => [node.controllerKey, node])).values()].map(
    (node): DataObject => {
      const attached = nodes.filter((each) => each.controllerKey === node.controllerKey);
      const common = { key: node.controllerKey, busNumber: node.busNumber, controllerKey: 100 };
      const device = attached.map((each) => each.diskKey);
      const sharing = vm.config.sharedBuses[node.bus];
      if (node.kind === 'scsi')
        return {
          $type: 'ParaVirtualSCSIController',
          ...common,
          deviceInfo: described(`SCSI controller ${node.busNumber}`, 'VMware paravirtual SCSI'),
          unitNumber: 3 + node.busNumber,
          device,
          hotAddRemove: true,
          sharedBus: sharing ? `${sharing}Sharing` : 'noSharing',
          scsiCtlrUnitNumber: 7,
        };
      const isSata = node.kind === 'sata';
      return {
        $type: isSata ? 'VirtualAHCIController' : 'VirtualNVMEController',
        ...common,
        deviceInfo: described(
          `${isSata ? 'SATA' : 'NVME'} controller ${node.busNumber}`,
          isSata ? 'AHCI' : 'NVME',
        ),
        unitNumber: (isSata ? 24 : 30) + node.busNumber,
        device,
      };
    },
  );
  return [
    controller('VirtualIDEController', 200, 'IDE 0'),
    controller('VirtualIDEController', 201, 'IDE 1', 1),
    controller('VirtualPS2Controller', 300, 'PS2 controller 0'),
    controller('VirtualPCIController', 100, 'PCI controller 0'),
    controller('VirtualSIOController', 400, 'SIO controller 0'),
    ...controllers,
    ...shown.map((each) => diskDevice(vm, each)),
    networkCard(vm),
    ...(vm.config.vtpm ? [virtualTpm()] : []),
  ];
}

function diskDevice(vm: SimulatedVm, { disk, layer, changeId }: ShownDisk): DataObject {
  const node = nodeOf(disk.options.node);
  const index = vm.disks.indexOf(disk);
  const mode = vm.config.disks[index]?.mode ?? 'persistent';
  const sharing = vm.config.disks[index]?.sharing ?? 'sharingNone';
  return {
    $type: 'VirtualDisk',
    key: disk.options.key,
    deviceInfo: described(`Hard disk ${index + 1}`, `${disk.options.sizeBytes / 1024} KB`),
    backing: backing(vm, disk, layer, { mode, sharing, changeId }),
    controllerKey: node.controllerKey,
    unitNumber: node.unit,
    capacityInKB: disk.options.sizeBytes / 1024,
    capacityInBytes: disk.options.sizeBytes,
    shares: { $type: 'SharesInfo', shares: 1000, level: 'normal' },
    diskObjectId: `${vm.ref.id.replace(/\D/g, '')}-${disk.options.key}`,
    nativeUnmanagedLinkedClone: false,
  };
}

/** As the API names the forms of deltas. */
const deltaFormats = { flat: undefined, cowd: 'redoLogFormat', sesparse: 'seSparseFormat' } as const;

function backing(
  vm: SimulatedVm,
  disk: SimulatedDisk,
  layer: Layer,
  shown: { readonly mode: string; readonly sharing: string; readonly changeId: string | undefined },
): DataObject {
  const common = {
    fileName: layer.datastorePath,
    datastore: layer.folder.datastore.ref,
    backingObjectId: '',
    diskMode: shown.mode,
    uuid: disk.uuid,
    contentId: layer.contentId,
    changeId: disk.isInSnapshots ? shown.changeId : undefined,
    parent: layer.parent ? backing(vm, disk, layer.parent, { ...shown, changeId: undefined }) : undefined,
    deltaDiskFormat: deltaFormats[layer.kind],
    ...(layer.kind === 'sesparse' ? { deltaGrainSize: 4 } : {}),
    sharing: shown.sharing,
  };
  if (disk.options.rdm)
    return {
      $type: 'VirtualDiskRawDiskMappingVer1BackingInfo',
      ...common,
      lunUuid: `0200000000${disk.uuid.replaceAll('-', '').toLowerCase()}4c554e202020`,
      deviceName: `vml.0200000000${disk.uuid.replaceAll('-', '').toLowerCase()}`,
      compatibilityMode: `${disk.options.rdm}Mode`,
    };
  return {
    $type: 'VirtualDiskFlatVer2BackingInfo',
    ...common,
    split: false,
    writeThrough: false,
    thinProvisioned: disk.options.format === 'thin',
    eagerlyScrub: disk.options.format === 'eager' ? true : undefined,
    digestEnabled: false,
    keyId: vm.config.encrypted ? cryptoKey(vm) : undefined,
  };
}

export function cryptoKey(vm: SimulatedVm): DataObject {
  return {
    $type: 'CryptoKeyId',
    keyId: vm.instanceUuid,
    providerId: { $type: 'KeyProviderId', id: 'lab-kms' },
  };
}

function controller(type: string, key: number, label: string, busNumber = 0): DataObject {
  return { $type: type, key, deviceInfo: described(label, label), busNumber };
}

function virtualTpm(): DataObject {
  const deviceInfo = described('Virtual TPM', 'Trusted Platform Module');
  return { $type: 'VirtualTPM', key: 11_000, deviceInfo, controllerKey: 100, unitNumber: 19 };
}

function networkCard(vm: SimulatedVm): DataObject {
  return {
    $type: 'VirtualVmxnet3',
    key: 4000,
    deviceInfo: described('Network adapter 1', 'VM Network'),
    backing: {
      $type: 'VirtualEthernetCardNetworkBackingInfo',
      deviceName: 'VM Network',
      network: vm.network,
    },
    connectable: {
      $type: 'VirtualDeviceConnectInfo',
      startConnected: true,
      allowGuestControl: true,
      connected: true,
      status: 'ok',
    },
    controllerKey: 100,
    unitNumber: 7,
    addressType: 'assigned',
    macAddress: '00:50:56:00:00:01',
    wakeOnLanEnabled: true,
  };
}

function described(label: string, summary: string): DataObject {
  return { $type: 'Description', label, summary };
}
