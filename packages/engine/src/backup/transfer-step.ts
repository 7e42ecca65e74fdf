import { lookAtTransfer, type TransferRef } from '@leeward/arrays';
import {
  bounded,
  type HopPlan,
  LeewardError,
  objectKey,
  type Plan,
  planHops,
  type RelationPlan,
  retry,
  type VolumePlan,
} from '@leeward/core';
import type { BackupDeps } from './backup-deps.ts';
import {
  relationDetail,
  type StorageSnapshotDetail,
  storageSnapshotLedgerId,
} from './storage-snapshot-detail.ts';

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
  /** Bytes of this hop so far. */
  readonly onBytes: (bytesTransferred: number, hop: HopPlan) => void;
}

export function transferLedgerId(runId: string, groupId: string, { id }: Pick<HopPlan, 'id'>): string {
  return `${runId}/transfer/${groupId}/${objectKey(id)}`;
}

/**
 * Has the storage snapshot transferred, of a cascade hop by hop, and waits until it is where it is read. Safe to repeat:
 * a transfer that is under way is taken up, one that is done is found done. When it returns, all of the storage snapshots
 * belong to the chains: those on the way as auxiliary bases of the next transfers, the last one as long-term link. When
 * it throws, so do those of the hops that were made, as the journal says.
 */
export async function transferToSecondary(
  deps: BackupDeps,
  step: TransferStep,
  signal: AbortSignal,
): Promise<void> {
  const { relation, volume, storageSnapshotName: name } = step;
  const hops = planHops(relation);
  // An array that is away now is not sent for: what would pile up before it nobody could take further.
  if (hops.length > 1)
    for (const { arrayId, volume: end } of hops)
      await (await deps.doors.array(arrayId)).findReplica(end, name, signal);
  let source: HopEnd = volume;
  for (const hop of hops) {
    await transferOver(deps, step, { source, hop, isLast: hop === hops.at(-1) }, signal);
    source = hop;
  }
}

type HopEnd = Pick<HopPlan, 'arrayId' | 'volume' | 'volumeName'>;

interface OneHop {
  readonly source: HopEnd;
  readonly hop: HopPlan;
  readonly isLast: boolean;
}

async function transferOver(
  deps: BackupDeps,
  step: TransferStep,
  { source, hop, isLast }: OneHop,
  signal: AbortSignal,
): Promise<void> {
  const { store, doors } = deps;
  const { runId, groupId, plan, volume, relation, storageSnapshotName: name } = step;
  const replicaLedgerId = storageSnapshotLedgerId(runId, groupId, hop.volume);
  const common = { runId, jobId: plan.job.id, systemId: hop.arrayId, name };
  const replica: StorageSnapshotDetail = {
    volume: hop.volume,
    volumeName: hop.volumeName,
    role: isLast ? 'long-term' : 'auxiliary',
    ...relationDetail(volume.volume, relation, hop),
  };
  await store.ledger.intend({ ...common, id: replicaLedgerId, kind: 'storage-snapshot', detail: replica });
  const request = { relation: hop.id, storageSnapshotName: name };
  const transferId = transferLedgerId(runId, groupId, hop);
  await store.ledger.intend({ ...common, id: transferId, kind: 'transfer', detail: request });
  const driver = await doors.array(hop.arrayId);
  const started = await driver.startTransfer(request, signal);
  await store.ledger.mark(transferId, 'present', started);
  const to = `${hop.arrayName}/${hop.volumeName}`;
  const waiting = { name: `the transfer of ${name} to ${to}`, timeoutMs: plan.job.transferTimeoutMs, signal };
  const under = { source, hop, to, ledgerId: transferId, name, onBytes: step.onBytes };
  await bounded(deps.clock, waiting, (inner) => untilDone(deps, under, started, inner));
  await store.ledger.mark(transferId, 'released');
  await store.ledger.mark(replicaLedgerId, 'kept');
  if (source !== volume) return;
  const auxiliary: StorageSnapshotDetail = {
    volume: volume.volume,
    volumeName: volume.volumeName,
    role: 'auxiliary',
    ...relationDetail(volume.volume, relation),
  };
  await store.ledger.mark(storageSnapshotLedgerId(runId, groupId, volume.volume), 'kept', auxiliary);
}

interface UnderWay extends Pick<OneHop, 'source' | 'hop'>, Pick<TransferStep, 'onBytes'> {
  readonly ledgerId: string;
  readonly name: string;
  /** For people. */
  readonly to: string;
}

/** Looks at the transfer until it ends. A look that fails does not end it: arrays are restarted during transfers. */
async function untilDone(
  deps: BackupDeps,
  { source, hop, to, ledgerId, name, onBytes }: UnderWay,
  started: TransferRef,
  signal: AbortSignal,
): Promise<void> {
  const secondary = await deps.doors.array(hop.arrayId);
  let transfer = started;
  for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 1.5, longestPollMs)) {
    const look = async () => {
      // Asked anew each time: the primary may come back while the transfer goes on.
      const primary = secondary.capabilities.transferStartsWithSnapshot
        ? await deps.doors.array(source.arrayId)
        : undefined;
      return lookAtTransfer({ secondary, primary, primaryVolume: source.volume }, transfer, signal);
    };
    const { state, bytesTransferred, reason, transferId } = await retry(
      deps.clock,
      { ...looks, signal },
      look,
    );
    // Where the arrived storage snapshot is all that is left to see, nobody tells any more how much it was.
    if (state !== 'done' || bytesTransferred > 0) onBytes(bytesTransferred, hop);
    if (transferId !== undefined && transferId !== transfer.transferId) {
      transfer = { ...transfer, transferId };
      await deps.store.ledger.mark(ledgerId, 'present', transfer);
    }
    if (state === 'done') return;
    if (state === 'failed') throw new LeewardError('L-RUN-109', { name, secondary: to, reason });
    await deps.clock.sleep(pollMs, signal);
  }
}
