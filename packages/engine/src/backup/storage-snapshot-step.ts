import { type CreateStorageSnapshots, ownershipComment } from '@leeward/arrays';
import {
  type GroupPlan,
  LeewardError,
  objectKey,
  type Plan,
  type VmPlan,
  type VolumePlan,
  vmKey,
  volumesOf,
} from '@leeward/core';
import { z } from 'zod';
import type { BackupDeps } from './backup-deps.ts';
import { type FrozenTogether, vmsFrozenApart } from './frozen-apart.ts';
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
  return `${runId}/storage-snapshot/${groupId}/${objectKey(volume)}`;
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
  const startedMs = deps.clock.monotonicMs();
  const frozen: FrozenTogether[] = [];
  const calls = await callsFor(deps, group);
  for (const { arrayId, volumes, transferTo } of calls) {
    const driver = await doors.array(arrayId);
    const ids = volumes.map(({ volume }) => volume);
    const to = transferTo === undefined ? {} : { transferTo };
    const created = await driver.createStorageSnapshots({ name, volumes: ids, comment, ...to }, signal);
    frozen.push({ volumes: ids, isOneInstant: created.instant !== 'sequential' });
  }
  const skewMs = Math.round(deps.clock.monotonicMs() - startedMs);
  for (const vm of vmsFrozenApart(plan, group, frozen)) {
    const volumes = namesOf(group, vm).join(', ');
    await store.runLog.event(runId, vmKey(vm.vm), new LeewardError('L-RUN-112', { volumes, skewMs }));
  }
  for (const each of group.volumes)
    await store.ledger.mark(storageSnapshotLedgerId(runId, group.id, each.volume), 'present');
  return name;
}

function namesOf(group: GroupPlan, vm: VmPlan): readonly string[] {
  const own = new Set(volumesOf(vm).map(objectKey));
  return group.volumes.filter(({ volume }) => own.has(objectKey(volume))).map(({ volumeName }) => volumeName);
}

interface Call {
  readonly arrayId: string;
  readonly volumes: readonly VolumePlan[];
  readonly transferTo?: CreateStorageSnapshots['transferTo'];
}

/**
 * One call for each array, which freezes its volumes at one instant. Where the transfer starts with the storage
 * snapshot, one for each secondary array too, since a call goes to one of them.
 */
async function callsFor(deps: BackupDeps, group: GroupPlan): Promise<readonly Call[]> {
  const calls: Call[] = [];
  for (const [arrayId, volumes] of Map.groupBy(group.volumes, (each) => each.arrayId)) {
    const { capabilities } = await deps.doors.array(arrayId);
    if (!capabilities.transferStartsWithSnapshot) calls.push({ arrayId, volumes });
    else
      for (const ofSecondary of Map.groupBy(volumes, ({ relation }) => relation?.arrayId).values())
        calls.push({ arrayId, volumes: ofSecondary, transferTo: targetOf(ofSecondary[0]) });
  }
  return calls;
}

function targetOf(volume: VolumePlan | undefined): CreateStorageSnapshots['transferTo'] {
  const { relation } = volume ?? {};
  return relation ? { arrayName: relation.arrayOwnName, arraySerial: relation.arrayId } : 'nowhere';
}
