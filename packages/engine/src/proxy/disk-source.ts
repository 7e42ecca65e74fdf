import {
  ddbValue,
  flatExtents,
  maxDescriptorBytes,
  parseDescriptor,
  type VmdkDescriptor,
} from '@leeward/formats';
import type { DiskSource } from '@leeward/mover';
import type { DiskFacts } from '@leeward/repository';
import type { ReadVmDisk } from './read-vm.ts';
import { folderOf, joined, type StorageSnapshotFiles } from './storage-snapshot-files.ts';

export interface LocatedDisk {
  readonly source: DiskSource;
  /** What the descriptor of the restored disk keeps of the original. */
  readonly facts: DiskFacts;
}

/** Reads the frozen descriptor of a disk and says where its content lies. Refuses what is no plain base disk. */
export async function locateDisk(
  files: StorageSnapshotFiles,
  disk: ReadVmDisk,
  signal: AbortSignal,
): Promise<LocatedDisk> {
  const { volume, path } = disk.located;
  const file = disk.fileName;
  const descriptor = parseDescriptor(await files.read(volume, path, maxDescriptorBytes, signal), { file });
  const { extents, capacityBytes } = flatExtents(descriptor, { file, capacityBytes: disk.sizeBytes });
  const { presentation } = files.place(volume, path);
  const { addresses, nfsPort, mountPort, exportPath } = presentation;
  return {
    facts: factsOf(descriptor),
    source: {
      kind: 'nfs',
      addresses,
      ...(nfsPort === undefined ? {} : { nfsPort }),
      ...(mountPort === undefined ? {} : { mountPort }),
      exportPath,
      sizeBytes: capacityBytes,
      extents: extents.map(({ fileName, offsetBytes, lengthBytes }) => ({
        path: files.place(volume, joined(folderOf(path), fileName)).path,
        offsetBytes,
        lengthBytes,
      })),
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
