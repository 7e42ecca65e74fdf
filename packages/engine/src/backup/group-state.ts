import type { NfsPresentation } from '@leeward/arrays';
import {
  type ErrorReport,
  type GroupPlan,
  type Plan,
  sameObject,
  type VmPlan,
  type VolumeId,
  vmKey,
} from '@leeward/core';
import type { FlowContext } from '../flow/flow.ts';
import type { BackupDeps } from './backup-deps.ts';
import { objectKey } from './storage-snapshot-step.ts';
import type { FrozenVm } from './vmware-snapshot-step.ts';

/** What one group has come to, rebuilt by replay from recorded results only. */
export interface GroupState {
  readonly deps: BackupDeps;
  readonly context: FlowContext;
  readonly runId: string;
  readonly plan: Plan;
  readonly group: GroupPlan;
  /** All VMs of the group. */
  readonly planned: readonly VmPlan[];
  /** VMs still on their way to a point; failed ones leave. */
  readonly vms: Map<string, VmPlan>;
  readonly frozen: Map<string, FrozenVm>;
  /** Keys of the disks with stored changed areas. */
  readonly incremental: Map<string, readonly number[]>;
  /** Why a volume cannot be read on the secondary. */
  readonly secondaryProblem: Map<string, ErrorReport>;
  readonly onSecondary: Map<string, NfsPresentation>;
  readonly onPrimary: Map<string, NfsPresentation>;
}

export function volumesOf(vm: VmPlan): readonly VolumeId[] {
  const files = [...vm.disks.map(({ located }) => located), ...(vm.vmxFile ? [vm.vmxFile] : [])];
  const unique = new Map(files.map(({ volume }) => [objectKey(volume), volume]));
  return [...unique.values()];
}

export function vmsOnVolume(state: GroupState, volume: VolumeId): readonly VmPlan[] {
  return [...state.vms.values()].filter((vm) => volumesOf(vm).some((each) => sameObject(each, volume)));
}

/** The VM gets no point from this run. */
export async function failVm(state: GroupState, vm: VmPlan, problem: ErrorReport): Promise<void> {
  const { deps, context, runId, group } = state;
  const key = vmKey(vm.vm);
  state.vms.delete(key);
  await context.step(`${group.id}: ${key} failed`, {}, () =>
    deps.store.runVms.put({ runId, vmKey: key, name: vm.name, state: 'failed' }, {}, problem),
  );
}
