import type { Layer } from '../disk/layer.ts';
import type { DataObject } from '../soap/value.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';
import { vmsnName } from '../vm/vm-files.ts';

const types: readonly (readonly [RegExp, string])[] = [
  [/-(flat|delta|sesparse|rdm|rdmp|ctk)\.vmdk$/, 'diskExtent'],
  [/\.vmdk$/, 'diskDescriptor'],
  [/\.vmx$/, 'config'],
  [/\.nvram$/, 'nvram'],
  [/\.vmsd$/, 'snapshotList'],
  [/\.vmsn$/, 'snapshotData'],
  [/-vss_manifests\d+\.zip$/, 'snapshotManifestList'],
  [/\.log$/, 'log'],
];

/** `layoutEx`: the files of the VM and which of them make up each disk and VMware snapshot. */
export function layoutEx(vm: SimulatedVm): DataObject {
  const files = vm.folders
    .flatMap((folder) => folder.list().map(({ name, file }) => ({ path: folder.datastorePath(name), file })))
    .map((each, key) => ({ ...each, key }));
  const keyOf = new Map(files.map(({ path, key }) => [path, key]));
  const chain = (layer: Layer): DataObject[] => {
    const fileKey = [layer.descriptorName, layer.extentName].flatMap(
      (name) => keyOf.get(layer.folder.datastorePath(name)) ?? [],
    );
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
    file: files.map(({ path, file, key }) => ({
      $type: 'VirtualMachineFileLayoutExFileInfo',
      key,
      name: path,
      type: types.find(([pattern]) => pattern.test(path))?.[1] ?? 'stat',
      size: file.sizeBytes,
      uniqueSize: file.sizeBytes,
      backingObjectId: '',
      accessible: true,
    })),
    disk: vm.disks.map((disk) => diskLayout(disk.options.key, disk.top)),
    snapshot: vm.snapshots.map((snapshot) => ({
      $type: 'VirtualMachineFileLayoutExSnapshotLayout',
      key: snapshot.ref,
      dataKey: keyOf.get(vm.datastorePath(vmsnName(vm, snapshot.number))) ?? -1,
      memoryKey: -1,
      disk: snapshot.disks.map((frozen) => diskLayout(frozen.key, frozen.layer)),
    })),
    timestamp: new Date(vm.clock.now()),
  };
}
