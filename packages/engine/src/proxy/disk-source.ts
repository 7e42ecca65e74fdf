import { ddbValue, maxDescriptorBytes, parseDescriptor, type VmdkDescriptor } from '@leeward/formats';
import type { ChainSource } from '@leeward/mover';
import type { DiskFacts } from '@leeward/repository';
import type { FrozenFolder, FrozenFolders } from './frozen-folders.ts';
import type { ReadVmDisk, ReadVmFile } from './read-vm.ts';

export interface LocatedDisk {
  readonly source: ChainSource;
  /** What the descriptor of the restored disk keeps of the original. */
  readonly facts: DiskFacts;
}

/** Reads the frozen descriptors of a disk and says where it and the disks it stands on lie. */
export async function locateDisk(
  files: Pick<FrozenFolders, 'read' | 'folderOf'>,
  disk: ReadVmDisk,
  signal: AbortSignal,
): Promise<LocatedDisk> {
  const { located, parents, deltas, sizeBytes } = disk;
  const chain = [...deltas, located, ...parents];
  const read = async (file: ReadVmFile | undefined) => {
    const { datastore, path } = file ?? located;
    const bytes = await files.read(file ?? located, path, maxDescriptorBytes, signal);
    return parseDescriptor(bytes, { file: `[${datastore}] ${path}` });
  };
  const frozen = await read(chain[0]);
  const folders: FrozenFolder[] = [];
  for (const file of chain) {
    const folder = await files.folderOf(file);
    if (!folders.some(({ name }) => name === folder.name)) folders.push(folder);
  }
  return {
    facts: factsOf(frozen, chain.length > 1 ? await read(chain.at(-1)) : frozen),
    source: {
      kind: 'chain',
      folders: folders.map(({ name, hints, access }) => ({ name, hints: [...hints], access })),
      folder: 0,
      path: (chain[0] ?? located).path,
      sizeBytes,
    },
  };
}

/** Deltas say only which content is theirs; what the disk is stands with its base. */
function factsOf(frozen: VmdkDescriptor, base: VmdkDescriptor): DiskFacts {
  const pick = (key: string, pattern: RegExp) => {
    const value = ddbValue(frozen, key) ?? ddbValue(base, key);
    return value !== undefined && pattern.test(value) ? value : undefined;
  };
  const adapterType = pick('adapterType', /^\w+$/);
  const hardwareVersion = pick('virtualHWVersion', /^\d+$/);
  const uuid = pick('uuid', /^[0-9a-fA-F -]+$/);
  return {
    ...(adapterType ? { adapterType } : {}),
    ...(hardwareVersion ? { hardwareVersion } : {}),
    ...(uuid ? { uuid } : {}),
    ...(/^[0-9a-fA-F]{1,8}$/.test(frozen.cid) ? { contentId: frozen.cid } : {}),
    thinProvisioned: pick('thinProvisioned', /^1$/) !== undefined,
  };
}
