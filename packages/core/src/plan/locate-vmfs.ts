import type { DatastoreHome, DatastorePart } from './locate.ts';
import type { PlanningInventory } from './planning-inventory.ts';

/**
 * A VMFS datastore: for each of its extents the LUN that carries the device name. A name is of one LUN only, so it
 * alone decides, whatever volumes and LUNs are called. Both sides of a synchronous relation carry it: then the one that
 * hosts write to is meant. Undefined when no registered array has one of the devices:
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
  const found = inventory.arrays.flatMap((array) =>
    (array.inventory?.volumes ?? []).flatMap((volume) =>
      (volume.luns ?? [])
        .filter(({ scsiNames }) => scsiNames.includes(scsiName))
        .map(
          (lun): DatastorePart => ({
            home: { array, volume },
            protocol: 'iscsi',
            lunPath: lun.path,
            scsiName,
          }),
        ),
    ),
  );
  return found.find(({ home }) => home.volume.access === 'read-write') ?? found[0];
}
