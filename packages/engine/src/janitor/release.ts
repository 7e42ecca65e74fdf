import { type AnyPresentationPlan, type TransferRef, withdrawAny } from '@leeward/arrays';
import { LeewardError, reportOf, retry } from '@leeward/core';
import { z } from 'zod';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { isHandMade } from '../backup/chain-state.ts';
import { activePlans } from '../backup/present-step.ts';
import { removeVmwareSnapshot } from '../backup/remove-vmware-snapshot.ts';
import {
  type StorageSnapshotDetail,
  storageSnapshotDetailSchema,
} from '../backup/storage-snapshot-detail.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { parseColumn } from '../store/json.ts';
import type { LedgerEntry } from '../store/ledger.ts';
import { adoptReplicas, isSilence } from './adopt-replicas.ts';
import { releaseHalf } from './release-half.ts';

/** Called before each destructive act; throws when this execution no longer owns the flow. */
export type Fence = () => Promise<void>;

/** What is held or busy (a merge, a transfer that is just ending) is often free a moment later. */
const tries = { attempts: 4, firstDelayMs: 1_000, maxDelayMs: 4_000 };

interface ReleaseOptions {
  /** Absent: all that the run has. */
  readonly only?: (entry: LedgerEntry) => boolean;
  /** What something holds is not waited for, as it was before in the same run. */
  readonly once?: boolean;
}

/**
 * Removes everything that a run still has on foreign systems, by the journal: withdraws presentations, aborts
 * transfers, removes VMware snapshots, deletes temporary storage snapshots, in that order; a storage snapshot that
 * did reach the secondary is handed over to the chains instead. Safe to repeat at any time. What cannot be removed
 * now stays in the journal for the janitor and is an event of the run. Returns the number of entries still open.
 */
export async function releaseRun(
  deps: BackupDeps,
  runId: string,
  fence: Fence,
  { only = () => true, once = false }: ReleaseOptions = {},
): Promise<number> {
  const patience = once ? { ...tries, attempts: 1 } : tries;
  const open = async (kinds: (kind: LedgerEntry['kind']) => boolean) =>
    (await deps.store.ledger.open(runId)).filter((entry) => kinds(entry.kind) && only(entry));
  const silent = new Set<string>();
  for (const entry of await open((kind) => kind !== 'storage-snapshot'))
    await tryRelease(deps, entry, { fence, silent, patience });
  const storageSnapshots = () => open((kind) => kind === 'storage-snapshot');
  await adoptReplicas(deps, await storageSnapshots(), silent, (entry, error) => tellLeft(deps, entry, error));
  for (const entry of (await storageSnapshots()).filter((each) => roleOf(each) === 'temporary'))
    await tryRelease(deps, entry, { fence, silent, patience });
  for (const entry of await storageSnapshots())
    if (roleOf(entry) !== 'temporary' && !mayStillArrive(entry, await storageSnapshots()))
      await tryRelease(deps, entry, { fence, silent, patience });
  return (await open(() => true)).length;
}

/**
 * A copy that is not on the secondary can come as long as the primary has what it is a copy of: some arrays send by
 * themselves and cannot be told to stop. Its entry stays open until that is gone, or the copy is there.
 */
function mayStillArrive(entry: LedgerEntry, open: readonly LedgerEntry[]): boolean {
  const { relation } = detailOf(entry);
  return open.some(
    (other) =>
      roleOf(other) === 'temporary' && other.name === entry.name && detailOf(other).relation === relation,
  );
}

function roleOf(entry: LedgerEntry): StorageSnapshotDetail['role'] {
  return detailOf(entry).role;
}

function detailOf(entry: LedgerEntry): StorageSnapshotDetail {
  return parseColumn(storageSnapshotDetailSchema, entry.detail, entry.id);
}

interface Release {
  readonly fence: Fence;
  /** Systems that do not answer; each is waited for once, not once for each of its objects. */
  readonly silent: Set<string>;
  readonly patience: typeof tries;
}

async function tryRelease(
  deps: BackupDeps,
  entry: LedgerEntry,
  { fence, silent, patience }: Release,
): Promise<void> {
  if (silent.has(entry.systemId)) return;
  try {
    await whenFree(deps, patience, () => releaseEntry(deps, entry, fence));
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    if (isSilence(error)) silent.add(entry.systemId);
    await tellLeft(deps, entry, error);
  }
}

/** An object that stays on its system for now is an event of its run; what a user had made is of no run. */
async function tellLeft({ store }: BackupDeps, entry: LedgerEntry, error: unknown): Promise<void> {
  const { kind, name, systemId: system, runId } = entry;
  if (isHandMade(runId)) return;
  const failure = new LeewardError('L-RUN-107', { kind, name, system, reason: reportOf(error).what });
  await store.runLog.event(runId, '', failure);
}

/** Drivers repeat by themselves what did not come through; here only what something holds is tried again. */
async function whenFree(deps: BackupDeps, patience: typeof tries, work: () => Promise<void>): Promise<void> {
  const outcome = await retry(deps.clock, patience, async () => {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (error instanceof LeewardError && error.entry.exit === 'locked') throw error;
      return { error };
    }
  });
  if (outcome) throw outcome.error;
}

const vmwareSnapshotDetailSchema = z.object({ vmKey: z.string(), vmMoId: z.string(), vmName: z.string() });

/** One entry. The kinds are few and closed; what each needs is in its detail. */
async function releaseEntry(deps: BackupDeps, entry: LedgerEntry, fence: Fence): Promise<void> {
  const { doors, store } = deps;
  await fence();
  if (entry.kind === 'vmware-snapshot') {
    const { vmMoId, vmName } = parseColumn(vmwareSnapshotDetailSchema, entry.detail, entry.id);
    const vm = { vcenterId: entry.systemId, moId: vmMoId };
    return removeVmwareSnapshot(deps, entry.runId, { vm, name: vmName });
  }
  const driver = await doors.array(entry.systemId);
  if (entry.kind === 'presentation') {
    return store.ledger.alone(entry.systemId, async () => {
      const active = await activePlans(deps, entry.systemId, entry.id);
      await withdrawAny(driver, entry.detail as AnyPresentationPlan, active);
      await store.ledger.mark(entry.id, 'released');
    });
  }
  if (entry.kind === 'transfer') {
    await driver.abortTransfer(entry.detail as TransferRef);
  } else {
    const detail = detailOf(entry);
    const { volume, role, pair } = detail;
    if (pair) return releaseHalf(deps, entry, detail, pair);
    // Looked for again, since it may have arrived while its transfer was being aborted.
    if (role !== 'temporary' && (await driver.findReplica(volume, entry.name)))
      return store.ledger.mark(entry.id, 'kept');
    if (role === 'temporary') await driver.deleteStorageSnapshot(volume, entry.name);
  }
  await store.ledger.mark(entry.id, 'released');
}
