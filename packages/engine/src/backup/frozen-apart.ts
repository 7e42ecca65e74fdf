import {
  filesOf,
  type GroupPlan,
  type Plan,
  type VmPlan,
  type VolumeId,
  vmKey,
  volumesOfFile,
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
    .filter((vm) => new Set(volumeKeysOf(vm).map((key) => instantOf(key, calls))).size > 1);
}

/** Equal for volumes that were frozen at one instant. */
function instantOf(key: string, calls: readonly FrozenTogether[]): string {
  const at = calls.findIndex(({ volumes }) => volumes.some((volume) => keyOf(volume) === key));
  return calls[at]?.isOneInstant ? String(at) : key;
}

function volumeKeysOf(vm: VmPlan): readonly string[] {
  return filesOf(vm).flatMap(volumesOfFile).map(keyOf);
}

function keyOf({ arraySerial, objectId }: VolumeId): string {
  return `${arraySerial}/${objectId}`;
}
