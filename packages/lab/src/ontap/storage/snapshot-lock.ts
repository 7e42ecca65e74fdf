import { RestError } from '../rest/rest-error.ts';
import type { Cluster } from './cluster.ts';
import type { StorageSnapshot } from './storage-snapshot.ts';
import type { Volume } from './volume.ts';

const yearMs = 365 * 86_400_000;

export function hasComplianceClock({ licenses, config }: Cluster): boolean {
  return licenses.has('snaplock') && config.behaviour.complianceClock === 'runs';
}

/** What the array asks for before it switches snapshot locking on. The code of the refusals is unverified. */
export function checkLockingAllowed(cluster: Cluster, isInGroup: boolean): void {
  const field = 'snapshot_locking_enabled';
  if (!cluster.licenses.has('snaplock'))
    throw new RestError(400, 918233, 'SnapLock is not licensed on this cluster.', field);
  if (!hasComplianceClock(cluster))
    throw new RestError(
      400,
      918233,
      'Cannot perform this operation because the compliance clock is not running.',
      field,
    );
  if (isInGroup)
    throw new RestError(
      400,
      918636,
      'Snapshot locking is not supported on a volume of a consistency group.',
      field,
    );
}

/** On a volume without snapshot locking the wish is ignored, as on creation. A lock is only ever extended. */
export function extendLock(
  cluster: Cluster,
  volume: Volume,
  snapshot: StorageSnapshot,
  untilMs: number | undefined,
): void {
  if (untilMs === undefined || !volume.snapshotLocking) return;
  checkLockTime(cluster, untilMs);
  if (untilMs < (snapshot.lockedUntilMs ?? 0))
    throw new RestError(400, 1638554, 'The retention of a locked snapshot can only be extended.');
  snapshot.lockedUntilMs = untilMs;
}

/** Periods are at most 100 years, and end in the future. */
export function checkLockTime(cluster: Cluster, untilMs: number): void {
  const nowMs = cluster.clock.now();
  if (untilMs > nowMs && untilMs <= nowMs + 100 * yearMs) return;
  throw new RestError(400, 1638554, 'Invalid SnapLock expiry time.', 'snaplock_expiry_time');
}
