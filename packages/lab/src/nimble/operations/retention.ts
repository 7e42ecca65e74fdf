import type { Group } from '../model/group.ts';
import type { Schedule, SnapshotCollection } from '../model/objects.ts';
import { ApiError } from '../rest/api-error.ts';
import { deleteCollection } from './collection-operations.ts';
import { checkDeletable, removeSnapshot } from './snapshot-operations.ts';

/**
 * Ages what a schedule made: the oldest beyond its count go, except what a clone, a host or replication still
 * needs; the last replicated one stays beyond the count. Manual ones are never touched.
 */
export function applyRetention(group: Group, schedule: Schedule): void {
  const replica = group.isReplica(schedule.volumeCollection);
  const keep = replica ? schedule.retainReplica : schedule.retain;
  const made = schedule.volumeCollection.snapshotCollections.filter((one) => one.schedule === schedule);
  // Coordinated ones age on each side by the same number.
  const isUpstream = (one: SnapshotCollection) => one.snapshots[0]?.volume.half?.role !== 'downstream';
  for (const side of [made.filter(isUpstream), made.filter((one) => !isUpstream(one))])
    for (const one of side.slice(0, Math.max(0, side.length - keep)))
      if (group.snapshotCollections.has(one.id) && !isQueued(one))
        deleteIfPossible(() => deleteCollection(group, one, false));
}

const isQueued = ({ replicationStatus }: SnapshotCollection): boolean =>
  replicationStatus === 'pending' || replicationStatus === 'in_progress';

/** What has outlived its time. The last replicated one is kept. */
export function expire(group: Group): void {
  const now = group.clock.now();
  const ttl = (seconds: number) => (seconds === 1 ? group.config.group.snapshotTtlSeconds : seconds) * 1000;
  for (const snapshot of [...group.snapshots.values()]) {
    const { expiryAfterSeconds, createdMs } = snapshot;
    if (expiryAfterSeconds === 0 || createdMs + ttl(expiryAfterSeconds) > now) continue;
    deleteIfPossible(() => {
      checkDeletable(group, snapshot, false);
      removeSnapshot(group, snapshot);
    });
  }
}

function deleteIfPossible(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** What a schedule made before it was deleted ages no more. */
export function abandonSchedule(group: Group, schedule: Schedule): void {
  group.schedules.delete(schedule.id);
  for (const one of schedule.volumeCollection.snapshotCollections)
    if (one.schedule === schedule) {
      one.schedule = undefined;
      one.isUnmanaged = true;
    }
}
