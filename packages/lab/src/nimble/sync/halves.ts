import type { Group } from '../model/group.ts';
import type { Partner, Pool, SyncState, Volume, VolumeCollection } from '../model/objects.ts';

/** A volume collection that replicates synchronously. */
interface SyncCollection extends VolumeCollection {
  readonly sync: SyncState;
}

export const isSync = (collection: VolumeCollection): collection is SyncCollection =>
  collection.sync !== undefined;

/** The partner of a synchronous collection; undefined: none is configured (any more). */
export function poolPartner(group: Group, collection: VolumeCollection): Partner | undefined {
  if (!collection.sync) return undefined;
  return group.schedulesOf(collection).find(({ partner }) => partner?.type === 'pool')?.partner;
}

export const partnerOfPool = (group: Group, pool: Pool): Partner | undefined =>
  [...group.partners.values()].find((one) => one.type === 'pool' && one.pool === pool);

/** Halves on the other side, those of `group.members` being the upstream ones. */
export const twinsOf = (group: Group, collection: VolumeCollection): Volume[] =>
  group.members(collection).flatMap(({ half }) => (half ? [half.twin] : []));
