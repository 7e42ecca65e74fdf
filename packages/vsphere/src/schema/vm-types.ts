import type { Types } from './grammar.ts';

/** VMs, their VMware snapshots, and tasks. */
export const vmTypes = {
  VirtualMachineConfigSpec: {
    fields: { changeVersion: 'string?', name: 'string?', changeTrackingEnabled: 'boolean?' },
  },
  VirtualMachineSnapshotTree: {
    fields: {
      snapshot: 'ref',
      vm: 'ref',
      name: 'string',
      description: 'string?',
      id: 'int?',
      createTime: 'dateTime',
      state: 'string?',
      quiesced: 'boolean',
      backupManifest: 'string?',
      childSnapshotList: 'VirtualMachineSnapshotTree[]',
    },
  },
  VirtualMachineSnapshotInfo: {
    fields: { currentSnapshot: 'ref?', rootSnapshotList: 'VirtualMachineSnapshotTree[]' },
  },
  DiskChangeExtent: { fields: { start: 'long', length: 'long' } },
  DiskChangeInfo: { fields: { startOffset: 'long', length: 'long', changedArea: 'DiskChangeExtent[]' } },
  LocalizedMethodFault: { fields: { fault: 'MethodFault', localizedMessage: 'string?' } },
  TaskInfo: {
    fields: {
      key: 'string',
      task: 'ref',
      descriptionId: 'string?',
      entity: 'ref?',
      entityName: 'string?',
      state: 'string',
      cancelled: 'boolean?',
      cancelable: 'boolean?',
      error: 'LocalizedMethodFault?',
      result: 'any?',
      progress: 'int?',
      queueTime: 'dateTime?',
    },
  },
} as const satisfies Types;
