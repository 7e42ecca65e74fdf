import { LeewardError } from '@leeward/core';
import { type DiskChain, type FolderReader, openDiskChain } from '@leeward/formats';
import type { LunReader } from '@leeward/formats/vmfs/lun-reader';
import { openVmfs } from '@leeward/formats/vmfs/open-vmfs';
import type { VmfsVolume } from '@leeward/formats/vmfs/vmfs-volume';
import type { NimbleSimulator } from '../../nimble/simulator.ts';

/** What an array's volumes hold at this moment, all of them at once: as a storage snapshot of the array has it. */
export interface ArrayMoment {
  readonly luns: readonly LunReader[];
  /** The VMFS volume on them, read by the product's own reader. */
  open(): Promise<VmfsVolume>;
  release(): void;
}

export function momentOf({ world }: NimbleSimulator, volumeNames: readonly string[]): ArrayMoment {
  const maps = volumeNames.map((name) => {
    const volume = world.group.volumeNamed(name);
    if (!volume) throw new Error(`no volume ${name}`);
    return { map: volume.map.share(), sizeBytes: volume.sizeMib * 1024 * 1024 };
  });
  const luns = maps.map(({ map, sizeBytes }): LunReader => {
    return { sizeBytes, read: async (offsetBytes, target) => map.read(offsetBytes, target) };
  });
  return {
    luns,
    open: () => openVmfs(luns),
    release: () => {
      for (const { map } of maps) map.release();
    },
  };
}

/** The disk whose descriptor has this path, with all its parents. */
export function chainOn(volume: VmfsVolume, descriptorPath: string): Promise<DiskChain> {
  return openDiskChain(folderOf(volume), descriptorPath);
}

function folderOf(volume: VmfsVolume): FolderReader {
  return {
    name: volume.label,
    async open(path, signal) {
      try {
        return await volume.openFile(path, signal ? { signal } : {});
      } catch (error) {
        if (error instanceof LeewardError && error.code === 'L-FMT-421') return undefined;
        throw error;
      }
    },
  };
}
