import { runHolding } from '../disk/mutex.ts';
import { invalidArgument, noPermission, notFound, VimFault } from '../soap/fault.ts';
import { isDataObject, type Value } from '../soap/value.ts';
import { createSnapshot } from '../vm/create-snapshot.ts';
import { checkSnapshotAllowed } from '../vm/preconditions.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';
import {
  consolidate,
  removeAllSnapshots,
  removeSnapshot,
  revertToSnapshot,
} from '../vm/snapshot-operations.ts';
import { hasPrivilege } from './authorization.ts';
import { type Call, entityOf, flag, type Methods, requireSession, text } from './call.ts';
import { startVmTask, vmOf } from './vm-task.ts';

/** Methods of VirtualMachine and VirtualMachineSnapshot that change something. */
export const vmMethods: Methods = {
  CreateSnapshot_Task: (call) => create(call, flag(call.args['quiesce'])),
  CreateSnapshotEx_Task: (call) => {
    const spec = call.args['quiesceSpec'];
    if (spec !== undefined && isDataObject(spec)) {
      const timeout = spec['timeout'];
      if (typeof timeout === 'number' && (timeout < 5 || timeout > 240))
        throw invalidArgument('quiesceSpec.timeout');
    }
    return create(call, spec !== undefined);
  },
  RemoveSnapshot_Task: (call) => {
    const vm = vmOf(call);
    const options = {
      removeChildren: flag(call.args['removeChildren']),
      consolidate: flag(call.args['consolidate'], true),
    };
    return startVmTask(call, vm, 'VirtualMachine.removeSnapshot', snapshotMs(call), async (deps) => {
      await removeSnapshot(vm, call.target, options, deps);
      return undefined;
    });
  },
  RemoveAllSnapshots_Task: (call) => {
    const vm = vmOf(call);
    const isFull = flag(call.args['consolidate'], true);
    return startVmTask(call, vm, 'VirtualMachine.removeAllSnapshots', snapshotMs(call), async (deps) => {
      await removeAllSnapshots(vm, isFull, deps);
      return undefined;
    });
  },
  ConsolidateVMDisks_Task: (call) => {
    const vm = vmOf(call);
    return startVmTask(call, vm, 'VirtualMachine.consolidateDisks', snapshotMs(call), async (deps) => {
      await consolidate(vm, deps);
      await vm.saveConfig();
      return undefined;
    });
  },
  RevertToSnapshot_Task: (call) => {
    const vm = vmOf(call);
    return startVmTask(call, vm, 'VirtualMachineSnapshot.revert', otherMs(call), async (deps) => {
      await revertToSnapshot(vm, call.target, deps);
      return undefined;
    });
  },
  RevertToCurrentSnapshot_Task: (call) => {
    const vm = vmOf(call);
    const current = vm.currentSnapshot;
    if (!current) throw new VimFault('NotFound', {}, 'The VM has no snapshot.');
    return startVmTask(call, vm, 'VirtualMachine.revertToCurrentSnapshot', otherMs(call), async (deps) => {
      await revertToSnapshot(vm, current.ref, deps);
      return undefined;
    });
  },
  RenameSnapshot: async (call) => {
    const vm = vmOf(call);
    const snapshot = vm.snapshot(call.target);
    if (!snapshot) throw notFound(call.target);
    snapshot.name = text(call.args['name']) || snapshot.name;
    snapshot.description = text(call.args['description']) || snapshot.description;
    await vm.saveConfig();
    return undefined;
  },
  ReconfigVM_Task: (call) => reconfigure(call),
  PowerOnVM_Task: (call) => power(call, 'poweredOn'),
  PowerOffVM_Task: (call) => power(call, 'poweredOff'),
};

function create(call: Call, quiesce: boolean): Value {
  const vm = vmOf(call);
  const request = {
    name: text(call.args['name']),
    description: text(call.args['description']),
    memory: flag(call.args['memory']),
    quiesce,
  };
  if (request.name === '') checkSnapshotAllowed(vm, request);
  return startVmTask(call, vm, 'VirtualMachine.createSnapshot', snapshotMs(call), (deps) =>
    createSnapshot(vm, request, deps),
  );
}

/** Only change tracking can be reconfigured here; anything else is refused instead of ignored. */
function reconfigure(call: Call): Value {
  const vm = vmOf(call);
  const spec = call.args['spec'];
  if (spec === undefined || !isDataObject(spec)) throw invalidArgument('spec');
  const { $type: _, changeTrackingEnabled: wanted, changeVersion, ...others } = spec;
  const other = Object.keys(others).find((name) => others[name] !== undefined);
  if (other) throw new VimFault('NotSupported', {}, `The lab cannot reconfigure ${other}.`);
  demand(call, 'VirtualMachine.Config.ChangeTracking');
  if (changeVersion !== undefined && changeVersion !== '' && changeVersion !== vm.changeVersion)
    throw new VimFault('ConcurrentAccess', {}, 'The configuration was changed by somebody else.');
  if (vm.config.hardwareVersion < 7 && wanted === true)
    throw new VimFault('NotSupported', {}, 'The virtual hardware does not support changed block tracking.');
  return startVmTask(call, vm, 'VirtualMachine.reconfigure', otherMs(call), async (deps) => {
    await deps.injected();
    await vm.clock.sleep(deps.durationMs);
    if (typeof wanted === 'boolean') vm.isChangeTrackingEnabled = wanted;
    if (!vm.isRunning) await stunned(vm, () => vm.applyTracking());
    await vm.saveConfig();
    return undefined;
  });
}

function power(call: Call, wanted: 'poweredOn' | 'poweredOff'): Value {
  const vm = vmOf(call);
  if (vm.config.template) throw new VimFault('NotSupported', {}, 'Templates cannot be powered on.');
  if (vm.powerState === wanted)
    throw new VimFault(
      'InvalidPowerState',
      { requestedState: wanted, existingState: vm.powerState },
      'The attempted operation cannot be performed in the current state.',
    );
  const name = wanted === 'poweredOn' ? 'powerOn' : 'powerOff';
  return startVmTask(call, vm, `VirtualMachine.${name}`, otherMs(call), async (deps) => {
    await deps.injected();
    await vm.clock.sleep(deps.durationMs);
    await stunned(vm, async () => {
      vm.powerState = wanted;
      for (const disk of vm.disks) disk.endLife();
      vm.bootMs = vm.clock.now();
      await vm.applyTracking();
    });
    await vm.saveConfig();
    return undefined;
  });
}

function stunned(vm: SimulatedVm, action: () => Promise<void>): Promise<void> {
  return runHolding(
    vm.disks.map((disk) => disk.mutex),
    action,
  );
}

function demand(call: Call, privilege: string): void {
  const entity = entityOf(call.world, call.target);
  if (!hasPrivilege(requireSession(call).account, entity, privilege))
    throw noPermission(entity.ref, privilege);
}

function snapshotMs(call: Call): number {
  return call.world.config.taskMs.snapshot;
}

function otherMs(call: Call): number {
  return call.world.config.taskMs.other;
}
