import type { Services } from '../api/call.ts';
import type { MigrationConfig } from '../config.ts';
import { VimFault } from '../soap/fault.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';

const tasks = {
  relocate: { method: 'RelocateVM_Task', descriptionId: 'VirtualMachine.relocate' },
  migrate: { method: 'MigrateVM_Task', descriptionId: 'VirtualMachine.migrate' },
  drs: { method: 'ExecuteVMotionLRO', descriptionId: 'Drm.ExecuteVMotionLRO' },
} as const;

const progressSteps = 50;

/**
 * Migrations that somebody else began. While one runs, its VM is busy: what a client starts gets TaskInProgress. Every
 * one ends cancelled, so that the VM stays where it is.
 */
export class Migrations {
  readonly #services: Services;
  readonly #running = new Map<
    SimulatedVm,
    { readonly stop: AbortController; readonly done: Promise<void> }
  >();

  constructor(services: Services) {
    this.#services = services;
  }

  startConfigured(): void {
    for (const vm of this.#services.world.vms) if (vm.config.migration) this.start(vm, vm.config.migration);
  }

  /** Throws when a task works on the VM already. */
  start(vm: SimulatedVm, { kind, durationMs }: MigrationConfig): void {
    const { world, tasks: runner } = this.#services;
    const entity = world.entity(vm.ref);
    if (!entity || vm.busy) throw new Error(`${vm.config.name} cannot be migrated now`);
    const stop = new AbortController();
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const task = runner.start({
      ...tasks[kind],
      entity,
      userName: 'VSPHERE.LOCAL\\Administrator',
      work: async (progress) => {
        for (let step = 0; step < progressSteps && !stop.signal.aborted; step++) {
          progress((100 * step) / progressSteps);
          await world.clock.sleep(durationMs / progressSteps, stop.signal).catch(() => undefined);
        }
        vm.busy = undefined;
        this.#running.delete(vm);
        resolve();
        throw new VimFault('RequestCanceled', {}, 'The task was canceled by a user.');
      },
    });
    vm.busy = task;
    vm.recentTasks.push(task);
    this.#running.set(vm, { stop, done });
    vm.changed();
  }

  /** Resolves when the task is over; one that does not run is over. */
  async cancel(vm: SimulatedVm): Promise<void> {
    const running = this.#running.get(vm);
    running?.stop.abort();
    await running?.done;
  }

  close(): void {
    for (const { stop } of this.#running.values()) stop.abort();
  }
}
