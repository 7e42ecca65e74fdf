import { frozenWith } from './frozen-with.ts';
import type { Job } from './job.ts';
import { keepsCoordinatedChain } from './job-chains.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import { relationsOf } from './relation-paths.ts';
import { isDetected } from './relation-problem.ts';
import { type VolumeUse, volumeKey } from './volume-use.ts';

/**
 * Which volumes of a group are frozen on both sides at once: those that some VM is read of on the secondary of a `sync`
 * relation, with all that the array freezes together with them; and all that can be where the job keeps a coordinated
 * chain. The others lose their `sync` relation: they are frozen on the primary alone.
 * @param readOnSecondary `volumeKey` of the volumes of the VMs whose source is the secondary
 */
export function settleSync(
  uses: readonly VolumeUse[],
  readOnSecondary: ReadonlySet<string>,
  job: Job,
  inventory: PlanningInventory,
): readonly VolumeUse[] {
  const roots = uses.filter(
    (use) => isCoordinated(use) && (keepsCoordinatedChain(job) || readOnSecondary.has(volumeKey(use.home))),
  );
  const secondaryOf = new Map(
    roots.flatMap(({ home, choice }) =>
      frozenWith(home).map((each) => [volumeKey(each), choice.chosen?.secondary.id] as const),
    ),
  );
  return uses.map((use) => {
    const secondaryId = secondaryOf.get(volumeKey(use.home));
    if (secondaryId === undefined) return isSync(use) ? withoutRelation(use) : use;
    return isCoordinated(use) ? use : coordinated(use, secondaryId, inventory);
  });
}

function isSync({ choice }: VolumeUse): boolean {
  return choice.chosen?.relation.kind === 'sync';
}

function isCoordinated(use: VolumeUse): boolean {
  return isSync(use) && use.choice.problem === undefined;
}

/** What is frozen with a coordinated volume goes the same way, whatever relation it would be read over itself. */
function coordinated(use: VolumeUse, secondaryId: string, inventory: PlanningInventory): VolumeUse {
  const chosen = relationsOf(use.home, inventory).find(
    ({ relation, secondary }) => isDetected(relation) && secondary.id === secondaryId,
  );
  return chosen ? { ...use, choice: { chosen, warnings: [] } } : use;
}

function withoutRelation(use: VolumeUse): VolumeUse {
  const { chosen: _, ...choice } = use.choice;
  return { ...use, choice };
}
