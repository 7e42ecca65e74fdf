import { VimFault } from '../soap/fault.ts';
import { nodeOf } from './nodes.ts';
import type { SimulatedVm } from './simulated-vm.ts';
import type { VmwareSnapshot } from './vmware-snapshot.ts';

const maxDepth = 32;

/** Throws the fault with which a host refuses a VMware snapshot of this VM. */
export function checkSnapshotAllowed(
  vm: SimulatedVm,
  request: { readonly name: string; readonly memory: boolean },
): void {
  if (request.name === '' || request.name.length > 80 * 4)
    throw new VimFault('InvalidName', { name: request.name, entity: vm.ref }, 'The name is not valid.');
  if (vm.config.template)
    throw new VimFault('NotSupported', {}, 'The operation is not supported on the object.');
  if (vm.config.faultTolerance)
    throw new VimFault(
      'NotSupported',
      {},
      'The operation is not supported on a fault tolerant virtual machine.',
    );
  if (vm.config.snapshotsDisabled)
    throw new VimFault('SnapshotDisabled', {}, 'Snapshots are disabled on this virtual machine.');
  if (depthOf(vm.currentSnapshot) >= maxDepth)
    throw new VimFault('TooManySnapshotLevels', {}, 'Snapshot hierarchy is too deep.');
  const isBlocked = vm.disks.some(
    ({ options: { node, isIndependent, rdm } }, index) =>
      vm.config.sharedBuses[nodeOf(node).bus] !== undefined ||
      (!isIndependent && (rdm === 'physical' || vm.config.disks[index]?.sharing === 'sharingMultiWriter')),
  );
  if (isBlocked)
    throw new VimFault(
      'SnapshotIncompatibleDeviceInVm',
      { fault: { $type: 'NotSupported', $message: 'The device does not support snapshots.' } },
      'Virtual machine is configured to use a device that prevents the operation.',
    );
  if (request.memory && vm.isRunning && vm.disks.some((disk) => disk.options.isIndependent))
    throw new VimFault(
      'MemorySnapshotOnIndependentDisk',
      {},
      'Cannot take a memory snapshot, since the virtual machine is configured with independent disks.',
    );
}

function depthOf(snapshot: VmwareSnapshot | undefined): number {
  let depth = 0;
  for (let at = snapshot; at; at = at.parent) depth += 1;
  return depth;
}
