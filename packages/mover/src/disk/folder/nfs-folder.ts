import { isError, LeewardError } from '@leeward/core';
import type { FileReader } from '@leeward/formats';
import { connectNfs, type NfsMount } from '@leeward/transports/nfs/client/nfs-client';
import type { NfsFolderAccess } from '../folder-access.ts';
import type { DiskTools } from '../open-disk.ts';
import type { OpenFolder } from './open-folder.ts';

/** As many as a folder of VMFS may have. */
const maxNames = 200_000;

/** A folder of an NFS export. Throws the `L-NET` errors of the client, `L-NET-201` when the folder is not there. */
export async function openNfsFolder(
  access: NfsFolderAccess,
  name: string,
  tools: DiskTools,
  signal?: AbortSignal,
): Promise<OpenFolder> {
  const { addresses, nfsPort, mountPort, exportPath, localAddress, privilegedPort, giveUpAfterMs } = access;
  const { clock, randomness } = tools;
  const mount = await connectNfs(
    {
      ...{ addresses, nfsPort, mountPort, exportPath, localAddress, privilegedPort },
      ...{ giveUpAfterMs, clock, randomness },
    },
    signal,
  );
  try {
    // A storage snapshot that is gone must not look like one in which every file is missing.
    await mount.stat(access.rootPath, signal);
    return new NfsFolder(mount, access.rootPath, name);
  } catch (error) {
    await mount.close();
    throw error;
  }
}

class NfsFolder implements OpenFolder {
  readonly folder: OpenFolder['folder'];
  readonly #mount: NfsMount;
  readonly #rootPath: string;

  constructor(mount: NfsMount, rootPath: string, name: string) {
    this.#mount = mount;
    this.#rootPath = rootPath;
    this.folder = { name, open: (path, signal) => this.#open(path, signal) };
  }

  readFile(path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#mount.readFile(this.#place(path), maxBytes, signal);
  }

  async names(folderPath: string, signal?: AbortSignal): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const { name } of this.#mount.readDirectory(this.#place(folderPath), signal)) {
      if (names.length === maxNames)
        throw new LeewardError('L-FMT-417', { file: folderPath, limit: maxNames, what: 'entries' });
      names.push(name);
    }
    return names.sort();
  }

  close(): Promise<void> {
    return this.#mount.close();
  }

  async #open(path: string, signal?: AbortSignal): Promise<FileReader | undefined> {
    try {
      return await this.#mount.open(this.#place(path), signal);
    } catch (error) {
      if (isError(error, 'L-NET-201')) return undefined;
      throw error;
    }
  }

  #place(path: string): string {
    return `${this.#rootPath}/${path}`;
  }
}
