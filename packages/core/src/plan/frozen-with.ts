import { chooseRelation } from './choose-relation.ts';
import type { Job } from './job.ts';
import type { VolumeHome } from './locate.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import { type VolumeUse, volumeKey } from './volume-use.ts';

/** All volumes that a storage snapshot of this one freezes, itself first. */
export function frozenWith(home: VolumeHome): readonly VolumeHome[] {
  const { array, volume } = home;
  const others = (volume.frozenWith ?? []).flatMap((id) => {
    const other = array.inventory?.volumes.find((each) => each.id.objectId === id);
    return other && id !== volume.id.objectId ? [{ array, volume: other }] : [];
  });
  return [home, ...others];
}

/**
 * All volumes that have to be frozen for one VM: its own, those that the array freezes with them, and those of the
 * groups by which volumes of it come to one instant. A group that brings nothing together is not asked for.
 */
export function frozenForVm(homes: readonly VolumeHome[]): readonly VolumeHome[] {
  return distinct([...homes.flatMap(frozenWith), ...instantGroupsFor(homes).flat()]);
}

/**
 * The groups that are needed so that as many of these volumes as can be are of one instant: the smallest first, a
 * larger one only where it brings together what the smaller ones did not.
 */
function instantGroupsFor(homes: readonly VolumeHome[]): readonly (readonly VolumeHome[])[] {
  const groups = homes.flatMap(({ array, volume }) =>
    (volume.instantGroups ?? []).map((ids) =>
      (array.inventory?.volumes ?? [])
        .filter((other) => ids.includes(other.id.objectId))
        .map((other) => ({ array, volume: other })),
    ),
  );
  const instants = new Map(homes.map((home) => [volumeKey(home), volumeKey(home)]));
  return groups
    .toSorted((a, b) => a.length - b.length)
    .filter((group) => {
      const own = group.map(volumeKey).filter((key) => instants.has(key));
      const before = new Set(own.map((key) => instants.get(key)));
      if (before.size < 2) return false;
      for (const [key, instant] of instants) if (before.has(instant)) instants.set(key, own[0] ?? key);
      return true;
    });
}

/**
 * The volumes that are frozen although nothing on them is read. They belong to the group: what is made on them has
 * to be journaled and removed like the rest. Where the array's own replication takes them along, they are chained
 * like the rest too.
 * @param forVms all volumes that `frozenForVm` tells for the VMs of the group
 */
export function companionsOf(
  uses: readonly VolumeUse[],
  forVms: readonly VolumeHome[],
  job: Job,
  inventory: PlanningInventory,
): readonly VolumeUse[] {
  const known = new Set(uses.map(({ home }) => volumeKey(home)));
  const taken = new Set(uses.flatMap(({ home }) => frozenWith(home).map(volumeKey)));
  return distinct(forVms)
    .filter((home) => !known.has(volumeKey(home)))
    .map((home) => ({
      home,
      protocols: [],
      lunPaths: [],
      choice: taken.has(volumeKey(home)) ? chooseRelation(home, job, inventory) : { warnings: [] },
    }));
}

function distinct(homes: readonly VolumeHome[]): readonly VolumeHome[] {
  return [...new Map(homes.map((home) => [volumeKey(home), home])).values()];
}
