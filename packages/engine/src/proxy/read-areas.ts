import type { DiskBackupOptions } from '@leeward/mover';
import type { ChangeListKey, ChangeListStore } from '../store/change-lists.ts';
import type { ReadVmDisk } from './read-vm.ts';

/**
 * What of a disk is read, and what is known of it beside that: by changes against its parent where both are there, else
 * all. What is allocated comes along in each case: a hole in what changed is no less in doubt than any other one, and
 * the parent may prove unusable.
 */
export async function readAreas(
  lists: Pick<ChangeListStore, 'get' | 'getAllocated'>,
  { runId, vmKey }: Pick<ChangeListKey, 'runId' | 'vmKey'>,
  { key: diskKey, parent }: Pick<ReadVmDisk, 'key' | 'parent'>,
): Promise<Pick<DiskBackupOptions, 'changed' | 'allocatedAreas' | 'parent'>> {
  const place = { runId, vmKey, diskKey };
  const allocatedAreas = await lists.getAllocated(place);
  const known = allocatedAreas ? { allocatedAreas } : {};
  const changed = parent && (await lists.get(place));
  if (!parent || !changed) return { changed: 'all', ...known };
  return { changed, ...known, parent: { snapshotId: parent.pointId, diskName: parent.diskName } };
}
