import type { IscsiPresentation, NfsPresentation } from '@leeward/arrays';
import {
  type AccessProtocol,
  type ErrorReport,
  filesOf,
  type GroupPlan,
  objectKey,
  type Plan,
  sameObject,
  type VmPlan,
  type VolumeId,
  vmKey,
  volumesOf,
  volumesOfFile,
} from '@leeward/core';
import type { FlowContext } from '../flow/flow.ts';
import type { BackupDeps } from './backup-deps.ts';
import type { DiskBases } from './changed-areas-step.ts';
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
  /** By `objectKey`: when each volume was frozen. Only of groups with a VM that has no VMware snapshot. */
  readonly moments: Map<string, string>;
  /** How the disks of each VM are read. */
  readonly bases: Map<string, DiskBases>;
  /** Why a volume cannot be read on the secondary. */
  readonly secondaryProblem: Map<string, ErrorReport>;
  /** By `accessKey`. */
  readonly onSecondary: Map<string, Presented>;
  readonly onPrimary: Map<string, Presented>;
  /** Keys of the VMs that are read on the primary. */
  readonly onPrimaryVms: Set<string>;
  /** By VM key: why the VM has left the group for the standard way. */
  readonly toStandard: Map<string, ErrorReport>;
}

/** A storage snapshot that proxies can read now, and the array that shows it. */
export interface Presented {
  readonly arrayId: string;
  readonly presentation: NfsPresentation | IscsiPresentation;
}

export function accessKey(volume: VolumeId, protocol: AccessProtocol): string {
  return `${objectKey(volume)}/${protocol}`;
}

/** All ways by which a VM's files are reached. */
export function accessesOf(
  vm: VmPlan,
): readonly { readonly volume: VolumeId; readonly protocol: AccessProtocol }[] {
  const accesses = filesOf(vm).flatMap((file) => {
    const protocol: AccessProtocol = file.vmfs ? 'iscsi' : 'nfs';
    return volumesOfFile(file).map((volume) => ({ volume, protocol }));
  });
  return [...new Map(accesses.map((each) => [accessKey(each.volume, each.protocol), each])).values()];
}

export function vmsOnVolume(state: GroupState, volume: VolumeId): readonly VmPlan[] {
  return [...state.vms.values()].filter((vm) => liesOn(vm, volume));
}

export function liesOn(vm: VmPlan, volume: VolumeId): boolean {
  return volumesOf(vm).some((each) => sameObject(each, volume));
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
