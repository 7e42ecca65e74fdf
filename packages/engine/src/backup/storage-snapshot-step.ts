import { ownershipComment } from '@leeward/arrays';
import { type GroupPlan, LeewardError, type Plan, type VolumePlan } from '@leeward/core';
import { z } from 'zod';
import type { BackupDeps } from './backup-deps.ts';
import { storageSnapshotName } from './names.ts';

/** What the journal keeps of a storage snapshot. */
export const storageSnapshotDetailSchema = z.object({
  volume: z.object({ arraySerial: z.string(), objectId: z.string() }),
  volumeName: z.string(),
  role: z.enum(['temporary', 'long-term', 'auxiliary']),
  /** Relation over which it went, `arraySerial/objectId`. */
  relation: z.string().optional(),
  policy: z.string().optional(),
});

export type StorageSnapshotDetail = z.infer<typeof storageSnapshotDetailSchema>;

export function storageSnapshotLedgerId(
  runId: string,
  groupId: string,
  volume: VolumePlan['volume'],
): string {
  return `${runId}/storage-snapshot/${groupId}/${volume.arraySerial}/${volume.objectId}`;
}

export function objectKey(id: VolumePlan['volume']): string {
  return `${id.arraySerial}/${id.objectId}`;
}

/** Freezes all volumes of a group, those of one array together. Safe to repeat. Returns the common name. */
export async function takeStorageSnapshots(
  deps: BackupDeps,
  runId: string,
  plan: Plan,
  group: GroupPlan,
  signal: AbortSignal,
): Promise<string> {
  const { store, doors } = deps;
  const name = storageSnapshotName(plan.job.name, runId, group.id);
  for (const each of group.volumes) {
    const detail: StorageSnapshotDetail = {
      volume: each.volume,
      volumeName: each.volumeName,
      role: 'temporary',
      ...(each.relation ? { relation: objectKey(each.relation.id), policy: each.relation.policy } : {}),
    };
    await store.ledger.intend({
      id: storageSnapshotLedgerId(runId, group.id, each.volume),
      runId,
      jobId: plan.job.id,
      kind: 'storage-snapshot',
      systemId: each.arrayId,
      name,
      detail,
    });
  }
  const comment = ownershipComment(store.installationId, runId);
  for (const [arrayId, volumes] of byArray(group)) {
    const driver = await doors.array(arrayId);
    const ids = volumes.map(({ volume }) => volume);
    const created = await driver.createStorageSnapshots({ name, volumes: ids, comment }, signal);
    if (created.instant === 'sequential' && volumes.length > 1) {
      const names = volumes.map(({ volumeName }) => volumeName).join(', ');
      const skewed = new LeewardError('L-RUN-112', { volumes: names, skewMs: created.skewMs });
      await store.runLog.event(runId, '', skewed);
    }
  }
  for (const each of group.volumes)
    await store.ledger.mark(storageSnapshotLedgerId(runId, group.id, each.volume), 'present');
  return name;
}

function byArray(group: GroupPlan): ReadonlyMap<string, readonly VolumePlan[]> {
  const arrays = new Map<string, VolumePlan[]>();
  for (const each of group.volumes) arrays.set(each.arrayId, [...(arrays.get(each.arrayId) ?? []), each]);
  return arrays;
}
