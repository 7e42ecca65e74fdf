import { objectKey } from '../words/storage.ts';
import { chooseRelation, type RelationChoice } from './choose-relation.ts';
import type { Job } from './job.ts';
import type { DatastorePart, VolumeHome } from './locate.ts';
import type { AccessProtocol } from './plan.ts';
import type { PlanningInventory } from './planning-inventory.ts';

/** A volume that a VM or a file of it lies on, and how it is read. */
export interface VolumeUse {
  readonly home: VolumeHome;
  readonly protocols: readonly AccessProtocol[];
  /** `Lun.path` of the LUNs in use. */
  readonly lunPaths: readonly string[];
  readonly choice: RelationChoice;
}

export function volumeKey({ volume }: VolumeHome): string {
  return objectKey(volume.id);
}

/** The volumes of the parts, each once, each with the relation that the job reads it over. */
export function volumeUses(
  parts: readonly DatastorePart[],
  job: Job,
  inventory: PlanningInventory,
): readonly VolumeUse[] {
  return [...Map.groupBy(parts, ({ home }) => volumeKey(home)).values()].flatMap((ofVolume) => {
    const home = ofVolume[0]?.home;
    if (!home) return [];
    const lunPaths = ofVolume.flatMap((part) => (part.protocol === 'iscsi' ? [part.lunPath] : []));
    return [
      {
        home,
        protocols: [...new Set(ofVolume.map(({ protocol }) => protocol))].sort(),
        lunPaths: [...new Set(lunPaths)].sort(),
        choice: chooseRelation(home, job, inventory),
      },
    ];
  });
}
