import { ddbValue, maxDescriptorBytes, parseDescriptor, type VmdkDescriptor } from '@leeward/formats';
import type { DiskSource } from '@leeward/mover';
import type { DiskFacts } from '@leeward/repository';
import type { FrozenFolder, FrozenFolders } from './frozen-folders.ts';
import type { ReadVmDisk } from './read-vm.ts';

export interface LocatedDisk {
  readonly source: DiskSource;
  /** What the descriptor of the restored disk keeps of the original. */
  readonly facts: DiskFacts;
}

/** Reads the frozen descriptor of a disk and says where it and the disks it stands on lie. */
export async function locateDisk(
  files: FrozenFolders,
  disk: ReadVmDisk,
  signal: AbortSignal,
): Promise<LocatedDisk> {
  const { located, parents, fileName, sizeBytes } = disk;
  const descriptor = parseDescriptor(await files.read(located, located.path, maxDescriptorBytes, signal), {
    file: fileName,
  });
  const folders: FrozenFolder[] = [];
  for (const file of [located, ...parents]) {
    const folder = await files.folderOf(file);
    if (!folders.some(({ name }) => name === folder.name)) folders.push(folder);
  }
  return {
    facts: factsOf(descriptor),
    source: {
      kind: 'chain',
      folders: folders.map(({ name, hints, access }) => ({ name, hints: [...hints], access })),
      folder: 0,
      path: located.path,
      sizeBytes,
    },
  };
}

function factsOf(descriptor: VmdkDescriptor): DiskFacts {
  const pick = (key: string, pattern: RegExp) => {
    const value = ddbValue(descriptor, key);
    return value !== undefined && pattern.test(value) ? value : undefined;
  };
  const adapterType = pick('adapterType', /^\w+$/);
  const hardwareVersion = pick('virtualHWVersion', /^\d+$/);
  const uuid = pick('uuid', /^[0-9a-fA-F -]+$/);
  return {
    ...(adapterType ? { adapterType } : {}),
    ...(hardwareVersion ? { hardwareVersion } : {}),
    ...(uuid ? { uuid } : {}),
    ...(/^[0-9a-fA-F]{1,8}$/.test(descriptor.cid) ? { contentId: descriptor.cid } : {}),
    thinProvisioned: pick('thinProvisioned', /^1$/) !== undefined,
  };
}
