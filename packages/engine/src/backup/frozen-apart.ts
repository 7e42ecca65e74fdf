import {
  type KnownInstant,
  objectKey,
  type Skew,
  skewOf,
  type VmPlan,
  type VolumeId,
  volumesOf,
} from '@leeward/core';

/** A volume with the moment at which it was frozen. */
export interface FrozenVolume {
  readonly volume: VolumeId;
  readonly arrayId: string;
  /** Equal for volumes of one array that were frozen at one instant. */
  readonly instantId: string;
  readonly known: KnownInstant;
}

/**
 * How far apart the storage snapshots of a VM's own volumes are; other VMs' volumes do not count.
 * @param within our clock: the first and last time at which any of them can have been frozen
 */
export function skewOfVm(
  vm: VmPlan,
  frozen: readonly FrozenVolume[],
  within: { readonly fromMs: number; readonly toMs: number },
): Skew {
  const own = new Set(volumesOf(vm).map(objectKey));
  // One that a second call only found was measured by the call that made it.
  const known = new Map<string, KnownInstant>();
  for (const each of frozen) known.set(keyOf(each), { ...each.known, ...known.get(keyOf(each)) });
  const ofVm = frozen.filter(({ volume }) => own.has(objectKey(volume)));
  const instants = [...new Map(ofVm.map((each) => [keyOf(each), each])).entries()];
  return skewOf(
    instants.map(([key, { arrayId }]) => ({ ...known.get(key), arrayId })),
    within,
  );
}

function keyOf({ arrayId, instantId }: FrozenVolume): string {
  return `${arrayId} ${instantId}`;
}
