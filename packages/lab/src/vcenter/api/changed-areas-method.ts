import { type ChangedAreas, parseChangeId } from '../disk/change-tracker.ts';
import type { SimulatedDisk } from '../disk/simulated-disk.ts';
import { invalidArgument, notFound, VimFault, withCause } from '../soap/fault.ts';
import type { DataObject } from '../soap/value.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';
import type { FrozenDisk } from '../vm/vmware-snapshot.ts';
import { type Call, type Methods, number, ref, text } from './call.ts';
import { vmOf } from './vm-task.ts';

export const changedAreasMethods: Methods = {
  QueryChangedDiskAreas: (call) => {
    const vm = vmOf(call);
    const { disk, frozen } = subject(call, vm);
    const { tracker } = disk;
    const startOffset = number(call.args['startOffset']) ?? 0;
    const changeId = text(call.args['changeId']);
    if (!disk.isInSnapshots || !tracker || (frozen && frozen.changeId === undefined))
      throw invalidArgument('deviceKey');
    if (startOffset < 0 || startOffset >= disk.options.sizeBytes) throw invalidArgument('startOffset');
    if (changeId === '*')
      return disk.folder.datastore.config.type === 'VMFS'
        ? changeInfo(
            tracker.writtenAreas(
              frozen?.written ?? disk.written,
              startOffset,
              call.world.config.cbt.maxAreas,
            ),
          )
        : wholeDisk(disk, startOffset);
    const from = parseChangeId(changeId);
    if (!from) throw invalidArgument('changeId');
    const to = frozen?.changeId === undefined ? undefined : parseChangeId(frozen.changeId);
    const isKnown =
      from.epoch === tracker.epoch &&
      from.counter < tracker.counter &&
      (to === undefined || (to.epoch === tracker.epoch && from.counter <= to.counter));
    if (!isKnown) throw trackingFault(disk);
    const maxAreas = call.world.config.cbt.maxAreas;
    const quiesced = frozen?.quiesced?.tracked;
    return changeInfo(tracker.areas(from.counter, to?.counter, startOffset, maxAreas, quiesced));
  },
};

function changeInfo({ startOffset, length, areas }: ChangedAreas): DataObject {
  const changedArea = areas.map((area) => ({ $type: 'DiskChangeExtent', ...area }));
  return { $type: 'DiskChangeInfo', startOffset, length, changedArea };
}

function subject(
  call: Call,
  vm: SimulatedVm,
): { readonly disk: SimulatedDisk; readonly frozen: FrozenDisk | undefined } {
  const key = number(call.args['deviceKey']) ?? -1;
  const disk = vm.disk(key);
  const wanted = ref(call.args['snapshot']);
  if (!wanted) {
    if (vm.isRunning)
      throw new VimFault(
        'InvalidPowerState',
        { requestedState: 'poweredOff', existingState: vm.powerState },
        'Without a snapshot the virtual machine must be powered off.',
      );
    if (!disk) throw invalidArgument('deviceKey');
    return { disk, frozen: undefined };
  }
  const snapshot = vm.snapshot(wanted);
  if (!snapshot) {
    if (call.world.vmOfSnapshot(wanted))
      throw new VimFault('NotFound', {}, 'The object or item was not found.');
    throw notFound(wanted);
  }
  const frozen = snapshot.disks.find((each) => each.key === key);
  if (!disk || !frozen) throw invalidArgument('deviceKey');
  return { disk, frozen };
}

/** On NFS the host cannot tell what is in use: everything is. */
function wholeDisk(disk: SimulatedDisk, startOffset: number): DataObject {
  const length = disk.options.sizeBytes - startOffset;
  return {
    $type: 'DiskChangeInfo',
    startOffset,
    length,
    changedArea: [{ $type: 'DiskChangeExtent', start: startOffset, length }],
  };
}

function trackingFault(disk: SimulatedDisk): VimFault {
  const file = disk.folder.volumePath(disk.top.descriptorName);
  return withCause(
    new VimFault('FileFault', { file }, `Error caused by file ${file}`),
    new VimFault('InvalidArgument', { invalidProperty: 'changeId' }, 'The change id is not valid any more.'),
  );
}
