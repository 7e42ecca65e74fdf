import { LeewardError, sameObject, type VolumeId } from '@leeward/core';
import { connectNfs, type NfsMount } from '@leeward/transports';
import type { ProxyDeps } from './proxy-deps.ts';
import type { ReadVmInput } from './read-vm.ts';

type Volume = ReadVmInput['volumes'][number];

/**
 * The frozen files of a VM on the presented storage snapshots: small files are read here; for disks it tells
 * where the data path finds them. The caller closes it.
 */
export class StorageSnapshotFiles {
  readonly #deps: ProxyDeps;
  readonly #volumes: readonly Volume[];
  readonly #name: string;
  readonly #mounts = new Map<Volume, Promise<NfsMount>>();

  constructor(deps: ProxyDeps, input: Pick<ReadVmInput, 'volumes' | 'storageSnapshotName'>) {
    this.#deps = deps;
    this.#volumes = input.volumes;
    this.#name = input.storageSnapshotName;
  }

  /** How to reach the volume, and the path of a file of it below the mount. */
  place(
    volume: VolumeId,
    path: string,
  ): { readonly presentation: Volume['presentation']; readonly path: string } {
    const { presentation } = this.#volume(volume);
    return { presentation, path: joined(presentation.rootPath, path) };
  }

  async read(volume: VolumeId, path: string, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const mount = await this.#mount(this.#volume(volume), signal);
    return mount.readFile(this.place(volume, path).path, maxBytes, signal);
  }

  /** Names of the files in a folder. */
  async names(volume: VolumeId, folder: string, signal: AbortSignal): Promise<readonly string[]> {
    const mount = await this.#mount(this.#volume(volume), signal);
    const names: string[] = [];
    for await (const { name } of mount.readDirectory(this.place(volume, folder).path, signal))
      names.push(name);
    return names;
  }

  async close(): Promise<void> {
    for (const mount of await Promise.allSettled(this.#mounts.values()))
      if (mount.status === 'fulfilled') await mount.value.close();
  }

  #volume(volume: VolumeId): Volume {
    const found = this.#volumes.find((each) => sameObject(each.volume, volume));
    if (found) return found;
    throw new LeewardError('L-PRX-102', { path: volume.objectId, storageSnapshot: this.#name });
  }

  #mount(volume: Volume, signal: AbortSignal): Promise<NfsMount> {
    const known = this.#mounts.get(volume);
    if (known) return known;
    const { addresses, nfsPort, mountPort, exportPath } = volume.presentation;
    const { clock, randomness } = this.#deps;
    const mount = connectNfs({ addresses, nfsPort, mountPort, exportPath, clock, randomness }, signal);
    this.#mounts.set(volume, mount);
    return mount;
  }
}

export function joined(...parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/');
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
