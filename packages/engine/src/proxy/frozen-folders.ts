import { LeewardError, sameObject, type VolumeId } from '@leeward/core';
import { type FolderAccess, type LunAccess, type OpenFolder, openFolder } from '@leeward/mover';
import { chapLoginOf } from '../systems/chap-login.ts';
import type { ProxyDeps } from './proxy-deps.ts';
import type { ReadVmFile, ReadVmInput, ReadVmVolume } from './read-vm.ts';

/** A datastore as a storage snapshot shows it, and how its files are reached. */
export interface FrozenFolder {
  readonly name: string;
  /** Names below `/vmfs/volumes` by which disks name parents in it. */
  readonly hints: readonly string[];
  readonly access: FolderAccess;
}

/**
 * The datastores of a VM on the presented storage snapshots: small files are read here; for disks it tells where
 * the data path finds them. The caller closes it.
 */
export class FrozenFolders {
  readonly #deps: ProxyDeps;
  readonly #input: ReadVmInput;
  readonly #accessOf: ((file: ReadVmFile) => FolderAccess) | undefined;
  readonly #folders = new Map<string, Promise<FrozenFolder>>();
  readonly #open = new Map<string, Promise<OpenFolder>>();

  /** `accessOf`: how files are reached that are read in another way than from presented storage snapshots. */
  constructor(deps: ProxyDeps, input: ReadVmInput, accessOf?: (file: ReadVmFile) => FolderAccess) {
    this.#deps = deps;
    this.#input = input;
    this.#accessOf = accessOf;
  }

  folderOf(file: ReadVmFile): Promise<FrozenFolder> {
    const known = this.#folders.get(file.datastore);
    if (known) return known;
    const folder = this.#access(file).then((access) => ({
      name: file.datastore,
      hints: file.hostFolders,
      access,
    }));
    this.#folders.set(file.datastore, folder);
    return folder;
  }

  async read(file: ReadVmFile, path: string, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    return (await this.#opened(file, signal)).readFile(path, maxBytes, signal);
  }

  /** Names of the files in a folder of the file's datastore. */
  async names(file: ReadVmFile, folder: string, signal: AbortSignal): Promise<readonly string[]> {
    return (await this.#opened(file, signal)).names(folder, signal);
  }

  async close(): Promise<void> {
    for (const opened of await Promise.allSettled(this.#open.values()))
      if (opened.status === 'fulfilled') await opened.value.close();
  }

  async #opened(file: ReadVmFile, signal: AbortSignal): Promise<OpenFolder> {
    const known = this.#open.get(file.datastore);
    if (known) return known;
    const { clock, randomness } = this.#deps;
    const opening = this.folderOf(file).then(({ access, name }) =>
      openFolder(access, name, { clock, randomness }, signal),
    );
    this.#open.set(file.datastore, opening);
    return opening;
  }

  async #access(file: ReadVmFile): Promise<FolderAccess> {
    if (this.#accessOf) return this.#accessOf(file);
    if (file.vmfs) {
      const luns = file.vmfs.extents.map(({ volume, lunPath }) => this.#lun(volume, lunPath));
      return { protocol: 'vmfs', uuid: file.vmfs.uuid, luns: await Promise.all(luns) };
    }
    const { presentation } = this.#volume(file.volume, 'nfs');
    if (presentation.protocol !== 'nfs') throw this.#notShown(file.volume);
    const { addresses, nfsPort, mountPort, exportPath, rootPath } = presentation;
    return {
      protocol: 'nfs',
      addresses: [...addresses],
      exportPath,
      rootPath: joined(rootPath, file.folder),
      giveUpAfterMs: await this.#giveUpAfterMs(),
      ...(nfsPort === undefined ? {} : { nfsPort }),
      ...(mountPort === undefined ? {} : { mountPort }),
    };
  }

  async #lun(volume: VolumeId, lunPath: string): Promise<LunAccess> {
    const { presentation, arrayId } = this.#volume(volume, 'iscsi');
    if (presentation.protocol !== 'iscsi') throw this.#notShown(volume);
    const { initiatorName } = this.#input;
    const lun = presentation.luns.find(({ path }) => path === lunPath);
    const number = lun?.access.find((each) => each.initiatorName === initiatorName)?.lun;
    if (!lun || number === undefined) throw this.#notShown(volume);
    const chap = presentation.chap ? await this.#chap(arrayId) : undefined;
    return {
      kind: 'iscsi',
      name: `${volume.objectId}${lunPath === '' ? '' : `/${lunPath}`}`,
      portals: presentation.portals.map(({ address, port, rank }) => ({ host: address, port, rank })),
      targetName: lun.targetName,
      lun: number,
      initiatorName,
      sizeBytes: lun.sizeBytes,
      serial: lun.serial,
      scsiNames: [...lun.scsiNames],
      giveUpAfterMs: await this.#giveUpAfterMs(),
      ...(chap ? { chap } : {}),
    };
  }

  async #giveUpAfterMs(): Promise<number> {
    return (await this.#deps.store.settings.dataPath()).giveUpSeconds * 1000;
  }

  /** Out of the secret store, so that it stands in no journal. */
  async #chap(arrayId: string) {
    const { store } = this.#deps;
    return chapLoginOf(store, (await store.systems.get(arrayId)).settings);
  }

  #volume(volume: VolumeId | undefined, protocol: 'nfs' | 'iscsi'): ReadVmVolume {
    const found =
      volume &&
      this.#input.volumes.find(
        (each) => sameObject(each.volume, volume) && each.presentation.protocol === protocol,
      );
    if (found) return found;
    throw this.#notShown(volume);
  }

  #notShown(volume: VolumeId | undefined): LeewardError {
    return new LeewardError('L-PRX-102', {
      path: volume?.objectId,
      storageSnapshot: this.#input.storageSnapshotName,
    });
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
