import { describeMigration, type Migration } from '../model/migration.ts';
import type { VmInfo } from '../model/vm.ts';
import type { Ref } from '../schema/values.ts';
import { readObjects } from '../session/collector.ts';
import type { CallOptions, SessionHandle } from '../session/session-call.ts';

/**
 * By id of the VM: the task that moves it now, among its recent ones. A task that is forgotten meanwhile is over; one
 * that may not be read is passed over, as vCenter itself refuses what it excludes.
 */
export async function readMigrations(
  handle: SessionHandle,
  vms: readonly { readonly vm: Pick<VmInfo, 'moId'>; readonly tasks: readonly Ref[] }[],
  options: CallOptions,
): Promise<ReadonlyMap<string, Migration>> {
  const vmOf = new Map(vms.flatMap(({ vm, tasks }) => tasks.map((task) => [task.moId, vm.moId] as const)));
  const migrations = new Map<string, Migration>();
  if (vmOf.size === 0) return migrations;
  for (const { moId, values } of await readObjects(handle, 'Task', [...vmOf.keys()], ['info'], options)) {
    const migration = values.info && describeMigration(values.info);
    const vm = vmOf.get(moId);
    if (migration && vm !== undefined) migrations.set(vm, migration);
  }
  return migrations;
}
