import type { VolumeRecord } from '../inventory/volumes.ts';
import type { ConsistencyGroup } from './consistency-group.ts';

/** What is frozen by one call: a volume, or all volumes of a consistency group. */
export interface Unit {
  readonly group?: ConsistencyGroup;
  readonly volumes: readonly VolumeRecord[];
}

/**
 * Divides volumes into as few units as can be. A group counts only when all its volumes are wanted, since its storage
 * snapshot freezes all of them: what was not asked for, nobody wrote down and nobody would remove.
 * @param groups smallest first
 */
export function unitsOf(volumes: readonly VolumeRecord[], groups: readonly ConsistencyGroup[]): Unit[] {
  const left = new Map(volumes.map((volume) => [volume.uuid, volume]));
  const units: Unit[] = [];
  for (const group of groups.toReversed()) {
    const members = [...group.members].flatMap((uuid) => left.get(uuid) ?? []);
    if (members.length < 2 || members.length < group.members.size) continue;
    units.push({ group, volumes: members });
    for (const { uuid } of members) left.delete(uuid);
  }
  return [...units, ...[...left.values()].map((volume) => ({ volumes: [volume] }))];
}
