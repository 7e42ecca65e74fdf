import type { DatastoreHome, DatastorePart } from './locate.ts';
import type { PlanningInventory } from './planning-inventory.ts';

/**
 * A VMFS datastore: for each of its extents the LUN that carries the device name. A name is of one LUN only, so it
 * alone decides, whatever volumes and LUNs are called. Undefined when no registered array has one of the devices:
 * what lies on it could not be read.
 */
export function locateVmfs(
  extents: readonly string[],
  inventory: PlanningInventory,
): DatastoreHome | undefined {
  const parts = extents.map((name) => lunOf(name.toLowerCase(), inventory));
  const found = parts.filter((part) => part !== undefined);
  return found.length > 0 && found.length === parts.length ? { parts: found, folder: '' } : undefined;
}

function lunOf(scsiName: string, inventory: PlanningInventory): DatastorePart | undefined {
  for (const array of inventory.arrays)
    for (const volume of array.inventory?.volumes ?? [])
      for (const lun of volume.luns ?? [])
        if (lun.scsiNames.includes(scsiName))
          return { home: { array, volume }, protocol: 'iscsi', lunPath: lun.path, scsiName };
  return undefined;
}
