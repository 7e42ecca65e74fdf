import { chooseRelation } from './choose-relation.ts';
import type { Job } from './job.ts';
import type { VolumeHome } from './locate.ts';
import { type VolumeUse, volumeKey } from './plan-vm.ts';
import type { PlanningInventory } from './planning-inventory.ts';

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
 * The volumes that are frozen although nothing on them is read. They belong to the group: what is made on them has
 * to be journaled, chained and removed like the rest.
 */
export function companionsOf(
  uses: readonly VolumeUse[],
  job: Job,
  inventory: PlanningInventory,
): readonly VolumeUse[] {
  const known = new Set(uses.map(({ home }) => volumeKey(home)));
  const homes = uses.flatMap(({ home }) => frozenWith(home)).filter((home) => !known.has(volumeKey(home)));
  return [...new Map(homes.map((home) => [volumeKey(home), home])).values()].map((home) => ({
    home,
    protocols: [],
    lunPaths: [],
    choice: chooseRelation(home, job, inventory),
  }));
}
