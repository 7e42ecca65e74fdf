import { isError, LeewardError } from '../errors/leeward-error.ts';
import type { Datastore, VirtualMachine, VmDisk } from '../words/virtual-machine.ts';
import { parseDatastorePath } from './datastore-path.ts';
import type { Hindrance } from './eligibility.ts';
import { type DatastorePart, locateFile } from './locate.ts';
import type { LocatedFile } from './plan.ts';
import type { PlanningInventory } from './planning-inventory.ts';

/** A file of a VM with the disks that it stands on, and where all of them lie; or why that cannot be read. */
export type PlacedFile =
  | {
      readonly located: LocatedFile;
      readonly parents: readonly LocatedFile[];
      readonly parts: readonly DatastorePart[];
      /** Worth knowing, and no reason against it. */
      readonly notes: readonly LeewardError[];
    }
  | { readonly hindrance: Hindrance };

export const configurationFile = 'configuration file';

/** Datastores that no host can access, or whose files are not what disks hold: no path reads them. */
const noFiles = ['L-PLN-112', 'L-PLN-135', 'L-PLN-136', 'L-PLN-137'] as const;

/** Where the descriptor of a disk, or the `.vmx` where none is given, lies on arrays. */
export function placeFile(
  vm: VirtualMachine,
  disk: VmDisk | undefined,
  datastores: readonly Datastore[],
  inventory: PlanningInventory,
): PlacedFile {
  const parts: DatastorePart[] = [];
  const label = disk?.label ?? configurationFile;
  const names = [disk?.fileName ?? vm.vmxPath, ...(disk?.parents ?? [])];
  const locate = (fileName: string, at: number) => {
    const owner = { vm: vm.name, disk: at === 0 ? label : `${label}, its parent ${fileName}` };
    const file = locateFile(fileName, datastores, inventory, owner);
    parts.push(...file.parts);
    return file.located;
  };
  try {
    const [located, ...parents] = names.map(locate);
    if (!located) throw new LeewardError('L-PLN-119', { vm: vm.name });
    return { located, parents, parts, notes: notesOf(names, datastores) };
  } catch (error) {
    if (!(error instanceof LeewardError)) throw error;
    const bars = noFiles.some((code) => isError(error, code)) ? 'every-path' : 'storage-snapshots';
    return { hindrance: { reason: error, bars } };
  }
}

function notesOf(fileNames: readonly string[], datastores: readonly Datastore[]): readonly LeewardError[] {
  const names = new Set(fileNames.map((name) => parseDatastorePath(name)?.datastore));
  return datastores
    .filter(({ kind, name }) => kind === 'nfs41' && names.has(name))
    .map(({ name }) => new LeewardError('L-PLN-149', { datastore: name }));
}
