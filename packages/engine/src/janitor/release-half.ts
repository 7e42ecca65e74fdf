import type { SyncPair } from '@leeward/arrays';
import { objectKey, sameObject } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import {
  type StorageSnapshotDetail,
  storageSnapshotDetailSchema,
} from '../backup/storage-snapshot-detail.ts';
import { parseColumn } from '../store/json.ts';
import type { LedgerEntry } from '../store/ledger.ts';

/**
 * Removes a coordinated storage snapshot by the journal entry of one half of it. By that of the primary's both halves
 * go, as the primary's array sees both sides. What is left of the secondary's then, since the primary's array did not
 * answer or does not reach it, is asked of the secondary's own array. Where one half is a link of a chain already (the
 * process died between the two) the other one is one too.
 */
export async function releaseHalf(
  deps: BackupDeps,
  entry: LedgerEntry,
  detail: StorageSnapshotDetail,
  pair: SyncPair,
): Promise<void> {
  const { ledger } = deps.store;
  // Gone with its other half a moment ago?
  if ((await ledger.get(entry.id))?.state === 'released') return;
  const isPrimary = sameObject(detail.volume, pair.primary);
  const other = await otherHalf(deps, entry, detail, isPrimary ? pair.secondary : pair.primary);
  if (other?.state === 'kept') {
    const { role } = parseColumn(storageSnapshotDetailSchema, other.detail, other.id);
    return ledger.mark(entry.id, 'kept', { ...detail, role });
  }
  const driver = await deps.doors.array(entry.systemId);
  if (!isPrimary) {
    await driver.deleteStorageSnapshot(detail.volume, entry.name);
    return ledger.mark(entry.id, 'released');
  }
  if (driver.sync) await driver.sync.remove(pair, entry.name);
  else await driver.deleteStorageSnapshot(detail.volume, entry.name);
  await ledger.mark(entry.id, 'released');
  if (driver.sync && other) await ledger.mark(other.id, 'released');
}

/** Both entries have the same id but for the volume. */
function otherHalf(
  { store }: BackupDeps,
  { id }: LedgerEntry,
  { volume }: StorageSnapshotDetail,
  other: SyncPair['primary'],
): Promise<LedgerEntry | undefined> {
  return store.ledger.get(`${id.slice(0, -objectKey(volume).length)}${objectKey(other)}`);
}
