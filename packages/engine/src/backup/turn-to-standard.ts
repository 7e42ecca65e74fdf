import {
  type ErrorReport,
  LeewardError,
  type Plan,
  reportOf,
  turnedToStandard,
  type VmPlan,
  vmKey,
} from '@leeward/core';
import { failVm, type GroupState } from './group-state.ts';
import { vmwareSnapshotLedgerId } from './remove-vmware-snapshot.ts';

/** What is done for a VM once more on the standard way. */
const doneAnew = ['vmware-snap-room', 'vmware-snap', 'changed-areas', 'vmware-snap-removed', 'read'] as const;
/** What was known of how storage snapshots of it were read. */
const noStorageSnapshot = { source: undefined, transport: undefined, relation: undefined, skew: undefined };

/**
 * No storage snapshot of the VM could be made, or what those hold of it cannot be trusted: where its plan has the
 * standard way as another one (R6) it leaves the group for that, else it fails.
 */
export async function turnToStandard(state: GroupState, vm: VmPlan, problem: ErrorReport): Promise<void> {
  const { job } = state.plan;
  if (job.failoverToStandard && job.failOnDowngrade) {
    const refused = new LeewardError('L-SRC-103', { vm: vm.name, reason: problem.what });
    return failVm(state, vm, reportOf(refused));
  }
  const isPossible = vm.considered.some(({ path, verdict }) => path === 'standard' && verdict === 'possible');
  if (!isPossible) return failVm(state, vm, problem);
  state.vms.delete(vmKey(vm.vm));
  state.toStandard.set(vmKey(vm.vm), problem);
}

/**
 * Called when the group is cleaned up. Returns the keys of its VMs that go the standard way from here; with their
 * downgrade noted they are as if the run had done nothing for them yet. One whose VMware snapshot could not be removed
 * fails, since the standard way needs one of its own.
 */
export async function turnedVms(state: GroupState): Promise<readonly string[]> {
  const { deps, context, runId, group, planned } = state;
  const turned: string[] = [];
  for (const vm of planned) {
    const key = vmKey(vm.vm);
    const because = state.toStandard.get(key);
    if (!because) continue;
    const isFree = await context.step(`${group.id}: ${key} turns to the standard way`, {}, async () => {
      const { ledger, runLog, runVms, changeLists } = deps.store;
      const entry = await ledger.get(vmwareSnapshotLedgerId(runId, key));
      if (entry && entry.state !== 'released') return false;
      await runLog.setAside(runId, key, doneAnew);
      await changeLists.removeVm(runId, key);
      const downgrade = new LeewardError('L-SRC-105', { vm: vm.name, reason: because.what });
      await runLog.event(runId, key, downgrade);
      await runVms.put({ runId, vmKey: key, name: vm.name, state: 'waiting' }, noStorageSnapshot);
      return true;
    });
    if (isFree) turned.push(key);
    else await failVm(state, vm, because);
  }
  return turned;
}

/** The plan of a run whose VM goes the standard way, also where it was planned another way. */
export function withStandard(plan: Plan, key: string): Plan {
  const vms = plan.vms.map((vm) =>
    vmKey(vm.vm) === key && vm.source !== 'standard' ? turnedToStandard(vm) : vm,
  );
  return { ...plan, vms };
}
