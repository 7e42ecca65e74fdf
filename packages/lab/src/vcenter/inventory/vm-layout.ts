import type { Layer } from '../disk/layer.ts';
import type { DataObject } from '../soap/value.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';
import { vmsnName } from '../vm/vm-files.ts';

const types: readonly (readonly [RegExp, string])[] = [
  [/-(flat|delta|rdm|rdmp|ctk)\.vmdk$/, 'diskExtent'],
  [/\.vmdk$/, 'diskDescriptor'],
  [/\.vmx$/, 'config'],
  [/\.nvram$/, 'nvram'],
  [/\.vmsd$/, 'snapshotList'],
  [/\.vmsn$/, 'snapshotData'],
  [/\.log$/, 'log'],
];

/** `layoutEx`: the files of the VM and which of them make up each disk and VMware snapshot. */
export function layoutEx(vm: SimulatedVm): DataObject {
  const files = vm.folder.list().map(({ name, file }, key) => ({ name, file, key }));
  const keyOf = new Map(files.map(({ name, key }) => [name, key]));
  const chain = (layer: Layer): DataObject[] => {
    const fileKey = [layer.descriptorName, layer.extentName].flatMap((name) => keyOf.get(name) ?? []);
    const own: DataObject = { $type: 'VirtualMachineFileLayoutExDiskUnit', fileKey };
    return [...(layer.parent ? chain(layer.parent) : []), own];
  };
  const diskLayout = (key: number, layer: Layer): DataObject => ({
    $type: 'VirtualMachineFileLayoutExDiskLayout',
    key,
    chain: chain(layer),
  });
  return {
    $type: 'VirtualMachineFileLayoutEx',
    file: files.map(({ name, file, key }) => ({
      $type: 'VirtualMachineFileLayoutExFileInfo',
      key,
      name: vm.datastorePath(name),
      type: types.find(([pattern]) => pattern.test(name))?.[1] ?? 'stat',
      size: file.sizeBytes,
      uniqueSize: file.sizeBytes,
      backingObjectId: '',
      accessible: true,
    })),
    disk: vm.disks.map((disk) => diskLayout(disk.options.key, disk.top)),
    snapshot: vm.snapshots.map((snapshot) => ({
      $type: 'VirtualMachineFileLayoutExSnapshotLayout',
      key: snapshot.ref,
      dataKey: keyOf.get(vmsnName(vm, snapshot.number)) ?? -1,
      memoryKey: -1,
      disk: snapshot.disks.map((frozen) => diskLayout(frozen.key, frozen.layer)),
    })),
    timestamp: new Date(vm.clock.now()),
  };
}
