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
 * answer, a cancel that came too late): the replica becomes a long-term link, in the middle of a cascade the base of the
 * next transfer, as the primary's one does, which the array holds anyway. A secondary that cannot be asked decides
 * nothing; `onSilence` is told of one that does not answer, which is then in `silent` and not asked again.
 */
export async function adoptReplicas(
  deps: BackupDeps,
  open: readonly LedgerEntry[],
  silent: Set<string>,
  onSilence: (entry: LedgerEntry, error: unknown) => Promise<void>,
): Promise<void> {
  const { ledger } = deps.store;
  const entries = open.map((entry) => ({ entry, detail: detailOf(entry) }));
  for (const { entry, detail } of entries) {
    if (detail.role === 'temporary' || !(await isThere(deps, entry, detail, silent, onSilence))) continue;
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
  entry: LedgerEntry,
  { volume }: StorageSnapshotDetail,
  silent: Set<string>,
  onSilence: (entry: LedgerEntry, error: unknown) => Promise<void>,
): Promise<boolean> {
  const { systemId, name } = entry;
  if (silent.has(systemId)) return false;
  try {
    const driver = await deps.doors.array(systemId);
    return (await driver.findReplica(volume, name)) !== undefined;
  } catch (error) {
    if (isOwnershipLost(error)) throw error;
    // Of other trouble the release of the entry tells, which meets it too.
    if (isSilence(error)) {
      silent.add(systemId);
      await onSilence(entry, error);
    }
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
