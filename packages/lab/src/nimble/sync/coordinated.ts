import type { Group } from '../model/group.ts';
import type { Partner, Snapshot, SnapshotCollection, Volume, VolumeCollection } from '../model/objects.ts';
import { ApiError, conflict } from '../rest/api-error.ts';
import { partnerOfPool, twinsOf } from './halves.ts';
import { canMirror } from './mirror.ts';

const solo = (what: string) =>
  conflict('SM_srepl_mgmt_op_disallowed_when_solo', `${what}: the synchronous pair runs on one side.`);

/**
 * The downstream volumes that a snapshot collection freezes too; none: the upstream half alone is made. Throws what
 * the system refuses.
 * @param torn the other side is lost just now
 */
export function downstreamToFreeze(
  group: Group,
  collection: VolumeCollection,
  { replicate, torn }: { readonly replicate: boolean; readonly torn: boolean },
): Volume[] {
  const { behaviour } = group.config;
  if (!collection.sync) return [];
  const [first] = group.members(collection);
  if (first && !group.isReachable(first.pool)) throw lostArray(first);
  const inSync = collection.sync.inSync && canMirror(group, collection);
  if (!inSync && !torn && behaviour.soloSnapshots === 'refused')
    throw solo(`Volume collection ${collection.name}`);
  if (!inSync || torn || (behaviour.syncNeedsReplicate && !replicate)) return [];
  return twinsOf(group, collection);
}

/** The partner on which a half of a coordinated snapshot collection lives. */
export function residence(group: Group, collection: SnapshotCollection): Partner | undefined {
  const pool = collection.peer && collection.snapshots[0]?.volume.pool;
  return pool && partnerOfPool(group, pool);
}

/** A half on an array that nobody reaches stays. */
export function checkHalfDeletable(group: Group, { volume, name }: Snapshot): void {
  if (!group.isReachable(volume.pool)) throw solo(`Snapshot ${name}`);
}

/** What goes with a half, as the system is set. */
export function companionOf(group: Group, collection: SnapshotCollection): SnapshotCollection | undefined {
  return group.config.behaviour.peerDelete === 'both' ? collection.peer : undefined;
}

/** The half of the other volume that goes with a single member. */
export function companionSnapshotOf(group: Group, { collection, volume }: Snapshot): Snapshot | undefined {
  const peer = collection && companionOf(group, collection);
  return peer?.snapshots.find((one) => one.volume.half?.twin === volume);
}

/** The array of the volume's pool does not answer the group. */
export const lostArray = ({ pool }: Volume): ApiError =>
  new ApiError(503, 'SM_srv_unreach', `The array of pool ${pool.name} is not reachable.`);

/** The downstream half is changed through the upstream one alone (the code is unverified). */
export function refuseDownstream({ name, half }: Volume): void {
  if (half?.role === 'downstream')
    throw conflict('SM_eperm', `Volume ${name} is the downstream volume of a synchronous pair.`);
}
