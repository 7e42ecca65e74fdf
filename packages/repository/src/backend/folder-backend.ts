import { open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { syncFolder } from '@leeward/platform/files/durable-file';
import { makeFolders } from '@leeward/platform/files/make-folders';
import { isId } from '../crypto/sha256.ts';
import type {
  BackendLocator,
  ByteRange,
  FileKind,
  RepositoryBackend,
  StagedFile,
  StoredFile,
} from './backend.ts';
import { folderError, systemCode } from './folder-errors.ts';
import { UnfinishedFile } from './unfinished-file.ts';
import { removeUnfinished } from './unfinished-files.ts';

/** Sub-folders of a repository; `data` has 256 more, by the first byte of the name. */
export const folderKinds = ['data', 'index', 'keys', 'locks', 'snapshots'] as const;

/** Holds what was set aside; stock restic does not look at it. */
const asideFolder = 'damaged';
/** A file without a name yet lies where this one would. */
const nameless = '0'.repeat(64);

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
    const file = await this.#create(kind, path);
    try {
      await file.append(content);
      await file.moveTo(path);
    } catch (error) {
      await file.discard();
      throw folderError(error, path);
    }
  }

  async stage(kind: FileKind): Promise<StagedFile> {
    const place = this.#pathOf(kind, nameless);
    const file = await this.#create(kind, place);
    const failed = (error: unknown): never => {
      throw folderError(error, place);
    };
    return {
      append: (content) => file.append(content).catch(failed),
      commit: async (name) => {
        const path = this.#pathOf(kind, name);
        await file.moveTo(path).catch(async (error: unknown) => {
          if (systemCode(error) !== 'ENOENT') return failed(error);
          await this.#makeFolders(kind, path);
          return file.moveTo(path).catch(failed);
        });
      },
      discard: () => file.discard(),
    };
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

  async setAside(kind: FileKind, name: string): Promise<string | undefined> {
    const path = this.#pathOf(kind, name);
    const place = join(this.location, asideFolder, `${kind}-${name}`);
    try {
      if (!(await this.stat(kind, name))) return undefined;
      await makeFolders(dirname(place), { mode: 0o700 });
      await rename(path, place);
      await syncFolder(dirname(place));
      await syncFolder(dirname(path));
      return place;
    } catch (error) {
      throw folderError(error, path);
    }
  }

  async removeUnfinished(nowMs: number): Promise<number> {
    const data = join(this.location, 'data');
    const packs = (await this.#namesIn(data)).filter((name) => /^[0-9a-f]{2}$/.test(name));
    const kinds = folderKinds.filter((kind) => kind !== 'data').map((kind) => join(this.location, kind));
    let removed = 0;
    for (const folder of [this.location, ...kinds, ...packs.map((name) => join(data, name))])
      removed += await removeUnfinished(folder, nowMs).catch((error: unknown) => {
        throw folderError(error, folder);
      });
    return removed;
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

  async #create(kind: FileKind, path: string): Promise<UnfinishedFile> {
    try {
      return await UnfinishedFile.create(path);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw folderError(error, path);
      await this.#makeFolders(kind, path);
      return await UnfinishedFile.create(path).catch((again: unknown) => {
        throw folderError(again, path);
      });
    }
  }

  async #makeFolders(kind: FileKind, path: string): Promise<void> {
    try {
      if (kind !== 'config') await stat(this.location);
      await makeFolders(dirname(path), { mode: 0o700 });
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
