import {
  type GroupPlan,
  objectKey,
  type Plan,
  sameObject,
  type VmPlan,
  type VolumeId,
  vmKey,
  volumesOf,
} from '@leeward/core';

/** Volumes that one call to an array froze. */
export interface FrozenTogether {
  readonly volumes: readonly VolumeId[];
  /** False: the array froze them one after the other. */
  readonly isOneInstant: boolean;
}

/** VMs of a group whose volumes were not all frozen at one instant. */
export function vmsFrozenApart(
  plan: Plan,
  group: GroupPlan,
  calls: readonly FrozenTogether[],
): readonly VmPlan[] {
  return plan.vms
    .filter((vm) => group.vmKeys.includes(vmKey(vm.vm)))
    .filter((vm) => new Set(volumesOf(vm).map((volume) => instantOf(volume, calls))).size > 1);
}

/** Equal for volumes that were frozen at one instant. */
function instantOf(volume: VolumeId, calls: readonly FrozenTogether[]): string {
  const at = calls.findIndex(({ volumes }) => volumes.some((each) => sameObject(each, volume)));
  return calls[at]?.isOneInstant ? String(at) : objectKey(volume);
}
