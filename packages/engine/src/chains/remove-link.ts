import { sameObject } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { endAt, primaryPlace } from '../backup/chain-places.ts';
import type { ReadChain } from './read-chain.ts';

/**
 * Deletes a storage snapshot of a chain at one place, and notes that it is gone; of a coordinated one, by the primary's
 * array, the other half too. What is in no journal is nobody's to delete. What is gone is deleted already.
 */
export async function removeLink(
  { doors, store }: BackupDeps,
  { ends, journal }: ReadChain,
  place: string,
  name: string,
): Promise<void> {
  const { volume, relation } = ends;
  const end = endAt(ends, place);
  const entries = journal.filter(({ entry }) => entry.name === name);
  const own = entries.filter(({ detail }) => sameObject(detail.volume, end.volume));
  if (own.length === 0) return;
  const driver = await doors.array(end.arrayId);
  const isPair = relation?.kind === 'sync' && place === primaryPlace && driver.sync !== undefined;
  if (isPair) await driver.sync.remove({ primary: volume.volume, secondary: relation.volume }, name);
  else await driver.deleteStorageSnapshot(end.volume, name);
  for (const { entry } of isPair ? entries : own) await store.ledger.mark(entry.id, 'released');
}
