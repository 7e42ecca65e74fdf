import { isError } from '@leeward/core';
import type { FileReader } from '@leeward/formats';
import { exclusiveOwner } from '@leeward/formats/vmfs/file-lock';
import { openVmfs } from '@leeward/formats/vmfs/open-vmfs';
import type { VmfsVolume } from '@leeward/formats/vmfs/vmfs-volume';
import type { VmfsFolderAccess } from '../folder-access.ts';
import type { DiskTools } from '../open-disk.ts';
import type { OpenFolder } from './open-folder.ts';
import { type OpenLun, openLuns } from './open-luns.ts';
import { VmfsFileReader } from './vmfs-file-reader.ts';

/** A VMFS datastore on its LUNs, read in user space. Errors as `openFolder` has them. */
export async function openVmfsFolder(
  access: VmfsFolderAccess,
  name: string,
  tools: DiskTools,
  signal?: AbortSignal,
): Promise<OpenFolder> {
  const luns = await openLuns(access.luns, tools, signal);
  try {
    const names = access.luns.map((lun) => lun.name);
    const uuid = access.uuid.toLowerCase();
    const volume = await openVmfs(luns, { uuid, names, ...(signal ? { signal } : {}) });
    return new VmfsFolder(luns, volume, name);
  } catch (error) {
    await Promise.all(luns.map((lun) => lun.close()));
    throw error;
  }
}

class VmfsFolder implements OpenFolder {
  readonly folder: OpenFolder['folder'];
  readonly #luns: readonly OpenLun[];
  readonly #volume: VmfsVolume;

  constructor(luns: readonly OpenLun[], volume: VmfsVolume, name: string) {
    this.#luns = luns;
    this.#volume = volume;
    this.folder = { name, open: (path, signal) => this.#open(path, signal) };
  }

  readFile(path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#volume.readFile(path, maxBytes, signal);
  }

  async names(folderPath: string, signal?: AbortSignal): Promise<readonly string[]> {
    return (await this.#volume.readDirectory(folderPath, signal)).map(({ name }) => name);
  }

  async close(): Promise<void> {
    await Promise.all(this.#luns.map((lun) => lun.close()));
  }

  async #open(path: string, signal?: AbortSignal): Promise<FileReader | undefined> {
    try {
      const file = await this.#volume.openFile(path, signal ? { signal } : {});
      return new VmfsFileReader(file.extents(), this.#luns, exclusiveOwner(file.stat.lock));
    } catch (error) {
      if (isError(error, 'L-FMT-421')) return undefined;
      throw error;
    }
  }
}
