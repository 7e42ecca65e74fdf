import { LeewardError } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import {
  type StorageSnapshotDetail,
  storageSnapshotDetailSchema,
} from '../backup/storage-snapshot-detail.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { parseColumn } from '../store/json.ts';
import type { LedgerEntry } from '../store/ledger.ts';

/**
 * Storage snapshots that reached the secondary although their transfer was not seen to end (a crash, a lost
 * answer, a cancel that came too late): the replica becomes a long-term link, and the primary's one the base of the
 * next transfer, which the array holds anyway. A secondary that cannot be asked decides nothing.
 */
export async function adoptReplicas(
  deps: BackupDeps,
  open: readonly LedgerEntry[],
  silent: Set<string>,
): Promise<void> {
  const { ledger } = deps.store;
  const entries = open.map((entry) => ({ entry, detail: detailOf(entry) }));
  for (const { entry, detail } of entries) {
    if (detail.role !== 'long-term' || !(await isThere(deps, entry, detail, silent))) continue;
    await ledger.mark(entry.id, 'kept');
    const source = entries.find(
      (other) =>
        other.detail.role === 'temporary' &&
        other.entry.name === entry.name &&
        other.detail.relation === detail.relation,
    );
    if (source) await ledger.mark(source.entry.id, 'kept', { ...source.detail, role: 'auxiliary' });
  }
}

async function isThere(
  deps: BackupDeps,
  { systemId, name }: LedgerEntry,
  { volume }: StorageSnapshotDetail,
  silent: Set<string>,
): Promise<boolean> {
  if (silent.has(systemId)) return false;
  try {
    const driver = await deps.doors.array(systemId);
    return (await driver.findReplica(volume, name)) !== undefined;
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    // The release of the entry meets the same trouble and tells it; one that does not answer is not asked again.
    if (isSilence(error)) silent.add(systemId);
    return false;
  }
}

/** The system does not answer at all. */
export function isSilence(error: unknown): boolean {
  return error instanceof LeewardError && error.entry.exit === 'unreachable';
}

function detailOf(entry: LedgerEntry): StorageSnapshotDetail {
  return parseColumn(storageSnapshotDetailSchema, entry.detail, entry.id);
}
