import type { Types } from './grammar.ts';

/** Virtual devices, controllers, disks and their backings. */
export const deviceTypes = {
  Description: { fields: { label: 'string', summary: 'string?' } },
  VirtualDevice: {
    fields: {
      key: 'int',
      deviceInfo: 'Description?',
      backing: 'VirtualDeviceBackingInfo?',
      controllerKey: 'int?',
      unitNumber: 'int?',
    },
  },
  VirtualController: {
    base: 'VirtualDevice',
    fields: { busNumber: 'int', device: 'int[]' },
  },
  VirtualSCSIController: { base: 'VirtualController', fields: { sharedBus: 'string?' } },
  ParaVirtualSCSIController: { base: 'VirtualSCSIController', fields: {} },
  VirtualBusLogicController: { base: 'VirtualSCSIController', fields: {} },
  VirtualLsiLogicController: { base: 'VirtualSCSIController', fields: {} },
  VirtualLsiLogicSASController: { base: 'VirtualSCSIController', fields: {} },
  VirtualSATAController: { base: 'VirtualController', fields: {} },
  VirtualAHCIController: { base: 'VirtualSATAController', fields: {} },
  VirtualIDEController: { base: 'VirtualController', fields: {} },
  VirtualNVMEController: { base: 'VirtualController', fields: { sharedBus: 'string?' } },
  VirtualDisk: {
    base: 'VirtualDevice',
    fields: {
      capacityInKB: 'long',
      capacityInBytes: 'long?',
      diskObjectId: 'string?',
      virtualDiskFormat: 'string?@9.0.0.0',
      guestReadOnly: 'boolean?@8.0.2.0',
    },
  },
  VirtualDeviceBackingInfo: { fields: {} },
  VirtualDeviceFileBackingInfo: {
    base: 'VirtualDeviceBackingInfo',
    fields: { fileName: 'string', datastore: 'ref?', backingObjectId: 'string?' },
  },
  VirtualDiskFlatVer2BackingInfo: {
    base: 'VirtualDeviceFileBackingInfo',
    fields: {
      diskMode: 'string',
      split: 'boolean?',
      writeThrough: 'boolean?',
      thinProvisioned: 'boolean?',
      eagerlyScrub: 'boolean?',
      uuid: 'string?',
      contentId: 'string?',
      changeId: 'string?',
      parent: 'VirtualDiskFlatVer2BackingInfo?',
      deltaDiskFormat: 'string?',
      sharing: 'string?',
      keyId: 'CryptoKeyId?',
    },
  },
  VirtualDiskSeSparseBackingInfo: {
    base: 'VirtualDeviceFileBackingInfo',
    fields: {
      diskMode: 'string',
      writeThrough: 'boolean?',
      uuid: 'string?',
      contentId: 'string?',
      changeId: 'string?',
      parent: 'VirtualDiskSeSparseBackingInfo?',
      deltaDiskFormat: 'string?',
      keyId: 'CryptoKeyId?',
    },
  },
  VirtualDiskSparseVer2BackingInfo: {
    base: 'VirtualDeviceFileBackingInfo',
    fields: {
      diskMode: 'string',
      uuid: 'string?',
      contentId: 'string?',
      changeId: 'string?',
      parent: 'VirtualDiskSparseVer2BackingInfo?',
      keyId: 'CryptoKeyId?',
    },
  },
  VirtualDiskRawDiskMappingVer1BackingInfo: {
    base: 'VirtualDeviceFileBackingInfo',
    fields: {
      lunUuid: 'string?',
      deviceName: 'string?',
      compatibilityMode: 'string?',
      diskMode: 'string?',
      uuid: 'string?',
      contentId: 'string?',
      changeId: 'string?',
      parent: 'VirtualDiskRawDiskMappingVer1BackingInfo?',
      sharing: 'string?',
    },
  },
  VirtualDiskLocalPMemBackingInfo: {
    base: 'VirtualDeviceFileBackingInfo',
    fields: { diskMode: 'string', uuid: 'string?' },
  },
  KeyProviderId: { fields: { id: 'string' } },
  CryptoKeyId: { fields: { keyId: 'string', providerId: 'KeyProviderId?' } },
} as const satisfies Types;
