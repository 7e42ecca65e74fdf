import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { syncFolder } from '@leeward/platform/files/durable-file';
import { isId } from '../crypto/sha256.ts';
import type { BackendLocator, ByteRange, FileKind, RepositoryBackend, StoredFile } from './backend.ts';
import { folderError, systemCode } from './folder-errors.ts';

/** Sub-folders of a repository; `data` has 256 more, by the first byte of the name. */
export const folderKinds = ['data', 'index', 'keys', 'locks', 'snapshots'] as const;

/** A repository in a folder of this machine (or of a mounted share), laid out as stock restic does. */
export class FolderBackend implements RepositoryBackend {
  readonly location: string;
  readonly locator: BackendLocator;

  constructor(path: string) {
    this.location = path;
    this.locator = { kind: 'folder', path };
  }

  async save(kind: FileKind, name: string, content: Uint8Array): Promise<void> {
    const path = this.#pathOf(kind, name);
    try {
      await writeAtomically(path, content);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw folderError(error, path);
      await this.#makeFolders(kind, path);
      await writeAtomically(path, content).catch((again: unknown) => {
        throw folderError(again, path);
      });
    }
  }

  async load(kind: FileKind, name: string, range?: ByteRange, target?: Uint8Array): Promise<Uint8Array> {
    const path = this.#pathOf(kind, name);
    try {
      if (!range && !target) return await readFile(path);
      const lengthBytes = range?.lengthBytes ?? (await stat(path)).size;
      const into = target?.subarray(0, lengthBytes) ?? Buffer.allocUnsafe(lengthBytes);
      await readFully(path, range?.offsetBytes ?? 0, into);
      return into;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') throw new LeewardError('L-REP-110', { kind, name }, error);
      if (error instanceof TooShort) {
        throw new LeewardError('L-REP-111', { kind, name, reason: 'it is shorter than it should be' }, error);
      }
      throw folderError(error, path);
    }
  }

  async *list(kind: FileKind): AsyncIterable<StoredFile> {
    if (kind === 'config') {
      const config = await this.stat('config', '');
      if (config) yield config;
      return;
    }
    const folder = join(this.location, kind);
    const folders =
      kind === 'data' ? (await this.#namesIn(folder)).map((sub) => join(folder, sub)) : [folder];
    for (const path of folders) {
      for (const name of await this.#namesIn(path)) {
        const file = isId(name) ? await this.stat(kind, name) : undefined;
        if (file) yield file;
      }
    }
  }

  async stat(kind: FileKind, name: string): Promise<StoredFile | undefined> {
    const path = this.#pathOf(kind, name);
    try {
      return { name, sizeBytes: (await stat(path)).size };
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw folderError(error, path);
    }
  }

  async remove(kind: FileKind, name: string): Promise<void> {
    const path = this.#pathOf(kind, name);
    try {
      await unlink(path);
      await syncFolder(dirname(path));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw folderError(error, path);
    }
  }

  /** Absence of a folder is "no files" only inside a place that is there at all. */
  async #namesIn(folder: string): Promise<string[]> {
    try {
      return await readdir(folder);
    } catch (error) {
      const isAbsent = systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR';
      if (isAbsent && (await this.stat('config', ''))) return [];
      throw folderError(error, folder);
    }
  }

  async #makeFolders(kind: FileKind, path: string): Promise<void> {
    try {
      if (kind !== 'config') await stat(this.location);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await syncFolder(dirname(dirname(path)));
    } catch (error) {
      throw folderError(error, path);
    }
  }

  #pathOf(kind: FileKind, name: string): string {
    if (kind === 'config') return join(this.location, 'config');
    if (!isId(name)) throw new RangeError(`not a name of a repository file: ${name}`);
    return kind === 'data'
      ? join(this.location, kind, name.slice(0, 2), name)
      : join(this.location, kind, name);
  }
}

/** A leftover of a crash has a name that neither Leeward nor restic takes for a file of the repository. */
async function writeAtomically(path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}-tmp-${randomBytes(4).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    for (let done = 0; done < content.length; ) {
      done += (await file.write(content, done, content.length - done)).bytesWritten;
    }
    await file.datasync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

class TooShort extends Error {
  override readonly name = 'TooShort';
}

async function readFully(path: string, offsetBytes: number, target: Uint8Array): Promise<void> {
  const file = await open(path, 'r');
  try {
    for (let done = 0; done < target.length; ) {
      const { bytesRead } = await file.read(target, done, target.length - done, offsetBytes + done);
      if (bytesRead === 0) throw new TooShort(path);
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
}
