import type { RemoteAttributes } from '../protocol/attributes.ts';
import { accessBit } from '../protocol/nfs3.ts';
import { listDirectory, type NfsEntry } from './list-directory.ts';
import { NfsFile } from './nfs-file.ts';
import type { NfsCounters, NfsSession } from './nfs-session.ts';
import { pathNames } from './path-names.ts';
import { accessCall, type FileSystemSpace, fileSystemSpaceCall, readLinkCall } from './read-calls.ts';

/** What the server grants the credential on an object, by its own ACCESS procedure. */
export interface GrantedAccess {
  readonly read: boolean;
  readonly lookup: boolean;
  readonly modify: boolean;
}

/**
 * An export, read in user space. Paths are relative to the export and walked by LOOKUP, so hidden directories
 * (`.snapshot`) work; symbolic links are not followed (`L-NET-206`). All methods may run at once.
 */
export class NfsMount {
  readonly #session: NfsSession;

  constructor(session: NfsSession) {
    this.#session = session;
  }

  /** Largest single READ towards this server. */
  get maxReadBytes(): number {
    return this.#session.maxReadBytes;
  }

  get counters(): NfsCounters {
    const { bytesRead, reconnects } = this.#session;
    return { bytesRead, reconnects };
  }

  stat(path: string, signal?: AbortSignal): Promise<RemoteAttributes> {
    return this.#session.at(path, async (object) => object.attributes, signal);
  }

  /** Names with attributes, without `.` and `..`, page by page as they are consumed. */
  async *readDirectory(path: string, signal?: AbortSignal): AsyncGenerator<NfsEntry, void, void> {
    const directory = await this.#session.at(path, async (object) => object, signal);
    const { type } = directory.attributes;
    if (type !== 'directory') throw this.#session.error(type === 'symlink' ? 'L-NET-206' : 'L-NET-207', path);
    yield* listDirectory(this.#session, directory, pathNames(path).join('/'), signal);
  }

  /** A small file as a whole; `L-NET-211` when it is larger than `maxBytes`. */
  async readFile(path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    const file = await this.open(path, signal);
    const { sizeBytes } = file;
    if (sizeBytes > maxBytes) throw this.#session.error('L-NET-211', path, { sizeBytes, maxBytes });
    const content = new Uint8Array(sizeBytes);
    await file.read(0, content, signal);
    return content;
  }

  async open(path: string, signal?: AbortSignal): Promise<NfsFile> {
    const object = await this.#session.at(path, async (found) => found, signal);
    const { type } = object.attributes;
    if (type !== 'file') throw this.#session.error(type === 'symlink' ? 'L-NET-206' : 'L-NET-208', path);
    return new NfsFile(this.#session, path, object);
  }

  /** Where a symbolic link points to, for messages. */
  readLink(path: string, signal?: AbortSignal): Promise<string> {
    return this.#session.at(
      path,
      (object) => this.#session.request(readLinkCall(object.handle), path, signal),
      signal,
    );
  }

  access(path: string, signal?: AbortSignal): Promise<GrantedAccess> {
    const wanted = accessBit.read | accessBit.lookup | accessBit.modify;
    return this.#session.at(
      path,
      async (object) => {
        const granted = await this.#session.request(accessCall(object.handle, wanted), path, signal);
        return {
          read: (granted & accessBit.read) !== 0,
          lookup: (granted & accessBit.lookup) !== 0,
          modify: (granted & accessBit.modify) !== 0,
        };
      },
      signal,
    );
  }

  /** Size and free space of the file system behind the export. */
  space(signal?: AbortSignal): Promise<FileSystemSpace> {
    return this.#session.at(
      '',
      (root) => this.#session.request(fileSystemSpaceCall(root.handle), '', signal),
      signal,
    );
  }

  /** Calls in flight fail with `L-NET-115`. Idempotent. */
  close(): Promise<void> {
    return this.#session.close();
  }
}
