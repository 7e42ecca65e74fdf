import type { PresentationPlan, TransferRef } from '@leeward/arrays';
import { LeewardError, reportOf } from '@leeward/core';
import { z } from 'zod';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { activePlans } from '../backup/present-step.ts';
import { storageSnapshotDetailSchema } from '../backup/storage-snapshot-step.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { parseColumn } from '../store/json.ts';
import type { LedgerEntry } from '../store/ledger.ts';

/** Called before each destructive act; throws when this execution no longer owns the flow. */
export type Fence = () => Promise<void>;

/**
 * Removes everything that a run still has on foreign systems, by the journal: withdraws presentations, aborts
 * transfers, removes VMware snapshots, deletes temporary storage snapshots, in that order. Safe to repeat at any
 * time. What cannot be removed now stays in the journal for the janitor and is an event of the run. Returns the
 * number of entries that are still open.
 */
export async function releaseRun(
  deps: BackupDeps,
  runId: string,
  fence: Fence,
  only: (entry: LedgerEntry) => boolean = () => true,
): Promise<number> {
  const entries = (await deps.store.ledger.open(runId)).filter(only);
  let left = 0;
  for (const entry of entries) {
    try {
      await releaseEntry(deps, entry, fence);
    } catch (error) {
      if (isOwnershipLost(error)) throw error;
      left += 1;
      const { kind, name, systemId: system } = entry;
      const failure = new LeewardError('L-RUN-107', { kind, name, system, reason: reportOf(error).what });
      await deps.store.runLog.event(runId, '', failure);
    }
  }
  return left;
}

const vmwareSnapshotDetailSchema = z.object({ vmKey: z.string(), vmMoId: z.string(), vmName: z.string() });

/** One entry. The kinds are few and closed; what each needs is in its detail. */
async function releaseEntry(deps: BackupDeps, entry: LedgerEntry, fence: Fence): Promise<void> {
  const { doors, store } = deps;
  await fence();
  if (entry.kind === 'vmware-snapshot') {
    const { vmMoId } = parseColumn(vmwareSnapshotDetailSchema, entry.detail, entry.id);
    const door = await doors.vcenter(entry.systemId);
    await door.removeVmwareSnapshot(vmMoId, entry.name);
  } else if (entry.kind === 'presentation') {
    const driver = await doors.array(entry.systemId);
    await driver.withdraw(
      entry.detail as PresentationPlan,
      await activePlans(deps, entry.systemId, entry.id),
    );
  } else if (entry.kind === 'transfer') {
    const driver = await doors.array(entry.systemId);
    await driver.abortTransfer(entry.detail as TransferRef);
  } else {
    const { volume, role } = parseColumn(storageSnapshotDetailSchema, entry.detail, entry.id);
    const driver = await doors.array(entry.systemId);
    if (role === 'long-term' && (await driver.findReplica(volume, entry.name)))
      return store.ledger.mark(entry.id, 'kept');
    if (role === 'temporary') await driver.deleteStorageSnapshot(volume, entry.name);
  }
  await store.ledger.mark(entry.id, 'released');
}
