import type { SyncPair } from '@leeward/arrays';
import { objectKey, type RelationPlan, type VolumePlan } from '@leeward/core';

/** The two volumes of a `sync` relation that a volume is frozen over; `undefined` where it goes alone. */
export function pairOf({ volume, relation }: Pick<VolumePlan, 'volume' | 'relation'>): SyncPair | undefined {
  return relation?.kind === 'sync' ? { primary: volume, secondary: relation.volume } : undefined;
}

/**
 * Name in the journal of the relation over which the storage snapshots of a volume go. That of a `sync` one stays when
 * the sides change roles, so that its coordinated chain goes on.
 */
export function relationKey(
  volume: VolumePlan['volume'],
  relation: Pick<RelationPlan, 'id' | 'kind' | 'volume'>,
): string {
  if (relation.kind === 'transfer') return objectKey(relation.id);
  return [volume, relation.volume].map(objectKey).toSorted().join(' = ');
}
