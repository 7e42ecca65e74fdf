import { lookAtTransfer, type TransferRef } from '@leeward/arrays';
import {
  bounded,
  LeewardError,
  objectKey,
  type Plan,
  type RelationPlan,
  retry,
  type VolumePlan,
} from '@leeward/core';
import type { BackupDeps } from './backup-deps.ts';
import { type StorageSnapshotDetail, storageSnapshotLedgerId } from './storage-snapshot-detail.ts';

const firstPollMs = 500;
const longestPollMs = 15_000;
/** For about five minutes. */
const looks = { attempts: 12, firstDelayMs: 1_000, maxDelayMs: 30_000 };

export interface TransferStep {
  readonly runId: string;
  readonly groupId: string;
  readonly plan: Plan;
  readonly volume: VolumePlan;
  readonly relation: RelationPlan;
  readonly storageSnapshotName: string;
  readonly onBytes: (bytesTransferred: number) => void;
}

export function transferLedgerId(runId: string, groupId: string, relation: RelationPlan): string {
  return `${runId}/transfer/${groupId}/${objectKey(relation.id)}`;
}

/**
 * Has the secondary fetch the storage snapshot and waits until it is there. Safe to repeat: a transfer that is
 * under way is taken up, one that is done is found done. When it returns, both storage snapshots belong to the
 * chains: the primary's as auxiliary base of the next transfer, the secondary's as long-term link.
 */
export async function transferToSecondary(
  deps: BackupDeps,
  step: TransferStep,
  signal: AbortSignal,
): Promise<void> {
  const { store, doors } = deps;
  const { runId, groupId, plan, volume, relation, storageSnapshotName: name } = step;
  const replicaLedgerId = storageSnapshotLedgerId(runId, groupId, relation.volume);
  const chain = { relation: objectKey(relation.id), policy: relation.policy };
  const common = { runId, jobId: plan.job.id, systemId: relation.arrayId, name };
  const replica: StorageSnapshotDetail = {
    volume: relation.volume,
    volumeName: relation.volumeName,
    role: 'long-term',
    ...chain,
  };
  await store.ledger.intend({ ...common, id: replicaLedgerId, kind: 'storage-snapshot', detail: replica });
  const request = { relation: relation.id, storageSnapshotName: name };
  const transferId = transferLedgerId(runId, groupId, relation);
  await store.ledger.intend({ ...common, id: transferId, kind: 'transfer', detail: request });
  const driver = await doors.array(relation.arrayId);
  const started = await driver.startTransfer(request, signal);
  await store.ledger.mark(transferId, 'present', started);
  const bound = { name: `the transfer of ${name}`, timeoutMs: plan.job.transferTimeoutMs, signal };
  await bounded(deps.clock, bound, (inner) => untilDone(deps, step, transferId, started, inner));
  await store.ledger.mark(transferId, 'released');
  await store.ledger.mark(replicaLedgerId, 'kept');
  const auxiliary: StorageSnapshotDetail = {
    volume: volume.volume,
    volumeName: volume.volumeName,
    role: 'auxiliary',
    ...chain,
  };
  await store.ledger.mark(storageSnapshotLedgerId(runId, groupId, volume.volume), 'kept', auxiliary);
}

/** Looks at the transfer until it ends. A look that fails does not end it: arrays are restarted during transfers. */
async function untilDone(
  deps: BackupDeps,
  step: TransferStep,
  ledgerId: string,
  started: TransferRef,
  signal: AbortSignal,
): Promise<void> {
  const { relation, volume } = step;
  const secondary = await deps.doors.array(relation.arrayId);
  let transfer = started;
  for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 1.5, longestPollMs)) {
    const look = async () => {
      // Asked anew each time: the primary may come back while the transfer goes on.
      const primary = secondary.capabilities.transferStartsWithSnapshot
        ? await deps.doors.array(volume.arrayId)
        : undefined;
      return lookAtTransfer({ secondary, primary, primaryVolume: volume.volume }, transfer, signal);
    };
    const { state, bytesTransferred, reason, transferId } = await retry(
      deps.clock,
      { ...looks, signal },
      look,
    );
    step.onBytes(bytesTransferred);
    if (transferId !== undefined && transferId !== transfer.transferId) {
      transfer = { ...transfer, transferId };
      await deps.store.ledger.mark(ledgerId, 'present', transfer);
    }
    if (state === 'done') return;
    if (state === 'failed')
      throw new LeewardError('L-RUN-109', {
        name: step.storageSnapshotName,
        secondary: `${step.relation.arrayName}/${step.relation.volumeName}`,
        reason,
      });
    await deps.clock.sleep(pollMs, signal);
  }
}
