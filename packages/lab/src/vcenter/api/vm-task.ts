import { notFound, VimFault } from '../soap/fault.ts';
import type { Ref, Value } from '../soap/value.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';
import type { OperationDeps } from '../vm/snapshot-operations.ts';
import { type Call, requireSession } from './call.ts';
import { injectTaskFault } from './tasks.ts';

/** All names under which rules of the lab may know a VM. */
export function vmNames(vm: SimulatedVm): string[] {
  return [vm.ref.id, vm.config.name, vm.instanceUuid];
}

/** The VM that a call works on: the target itself, or the one of a VMware snapshot. Throws. */
export function vmOf(call: Call): SimulatedVm {
  const { target, world } = call;
  const vm = target.type === 'VirtualMachineSnapshot' ? world.vmOfSnapshot(target) : world.vm(target);
  if (!vm) throw notFound(target);
  if (vm.config.inaccessible)
    throw new VimFault('InvalidState', {}, 'The operation is not allowed in the current state.');
  if (vm.config.connection === 'disconnected')
    throw new VimFault('HostNotConnected', {}, 'Unable to communicate with the remote host.');
  return vm;
}

/**
 * Starts a task that works on a VM alone: another one meanwhile gets TaskInProgress. `work` gets what snapshot
 * operations need, with progress and injected faults wired to the task.
 */
export function startVmTask(
  call: Call,
  vm: SimulatedVm,
  descriptionId: string,
  durationMs: number,
  work: (deps: OperationDeps) => Promise<Value>,
): Ref {
  const { world, tasks, method } = call;
  if (vm.busy)
    throw new VimFault(
      'TaskInProgress',
      { task: vm.busy },
      'The operation cannot be allowed at the current time.',
    );
  const entity = world.entity(vm.ref);
  if (!entity) throw notFound(vm.ref);
  const task = tasks.start({
    method,
    descriptionId,
    entity,
    userName: requireSession(call).account.userName,
    work: async (progress) => {
      try {
        return await work({
          ledger: world.ledger,
          newSnapshotId: () => `snapshot-${world.newId()}`,
          injected: () => injectTaskFault(call, method, vmNames(vm)),
          progress,
          durationMs,
        });
      } finally {
        vm.busy = undefined;
      }
    },
  });
  vm.busy = task;
  vm.recentTasks.push(task);
  if (vm.recentTasks.length > 10) vm.recentTasks.shift();
  vm.changed();
  return task;
}
