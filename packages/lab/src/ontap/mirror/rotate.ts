import { removeSnapshot } from '../storage/snapshot-operations.ts';
import type { StorageSnapshot } from '../storage/storage-snapshot.ts';
import type { Volume } from '../storage/volume.ts';
import type { RetentionRule } from './mirror-policy.ts';
import { updateFailed } from './transfer-plan.ts';

/** Deletes, rule by rule, the oldest beyond the count. Held and locked ones are skipped until next time. */
export function rotateByRules(volume: Volume, rules: readonly RetentionRule[], nowMs: number): void {
  for (const rule of rules) {
    const kept = matching(volume, rule);
    for (const snapshot of kept.slice(0, Math.max(0, kept.length - rule.count)))
      if (isFree(volume, snapshot, nowMs)) removeSnapshot(volume, snapshot);
  }
}

/** Refuses an update that would exceed a rule which preserves. */
export function checkPreserved(
  volume: Volume,
  rules: readonly RetentionRule[],
  arriving: readonly string[],
): void {
  for (const rule of rules.filter((one) => one.preserve)) {
    const coming = arriving.filter((label) => label === rule.label).length;
    if (coming > 0 && matching(volume, rule).length + coming > rule.count)
      throw updateFailed(`Rule "${rule.label}" preserves its ${rule.count} snapshots and is full.`);
  }
}

function matching(volume: Volume, rule: RetentionRule): StorageSnapshot[] {
  return volume.snapshots
    .filter((one) => (rule.label === 'sm_created' ? one.byRelation : one.label === rule.label))
    .sort((a, b) => a.createMs - b.createMs);
}

/** Deletes what the source no longer has: a mirror is a copy of the source's set. */
export function mirrorDeletions(volume: Volume, onSource: ReadonlySet<string>, nowMs: number): void {
  for (const snapshot of [...volume.snapshots])
    if (!onSource.has(snapshot.versionUuid) && isFree(volume, snapshot, nowMs))
      removeSnapshot(volume, snapshot);
}

function isFree(volume: Volume, snapshot: StorageSnapshot, nowMs: number): boolean {
  const locked = Math.max(snapshot.expiryMs ?? 0, snapshot.lockedUntilMs ?? 0) > nowMs;
  return snapshot.holds.size === 0 && snapshot !== volume.exported && !locked;
}
