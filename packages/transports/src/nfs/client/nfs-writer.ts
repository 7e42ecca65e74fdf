import { isError, type LeewardError } from '@leeward/core';
import { persist } from '../../persist.ts';
import type { RemoteAttributes } from '../protocol/attributes.ts';
import { stableHow } from '../protocol/nfs3.ts';
import { NfsMount } from './nfs-mount.ts';
import type { NfsOptions } from './nfs-options.ts';
import { NfsSession, type RemoteObject } from './nfs-session.ts';
import { splitPath } from './path-names.ts';
import {
  type CreatedObject,
  commitCall,
  createFileCall,
  makeDirectoryCall,
  removeCall,
  renameCall,
  setAttributesCall,
  type WriteAnswer,
  writeCall,
} from './write-calls.ts';

/** A file that can be written; valid as long as the file exists. */
export interface WritableFile {
  readonly path: string;
  readonly handle: Uint8Array;
  readonly attributes: RemoteAttributes;
}

const fileMode = 0o644;
const directoryMode = 0o755;
const ourMaxWriteBytes = 1024 * 1024;

/**
 * The writing half of the client, for hosts that own files on an export. Calls that cannot be repeated blindly
 * (MKDIR, REMOVE, RENAME, …) count as done when a repetition finds their result already there.
 */
export class NfsWriter {
  readonly #session: NfsSession;
  /** The same export, for reading, over the same connections. */
  readonly reading: NfsMount;

  static async connect(options: NfsOptions, signal?: AbortSignal): Promise<NfsWriter> {
    return new NfsWriter(await NfsSession.connect(options, signal));
  }

  private constructor(session: NfsSession) {
    this.#session = session;
    this.reading = new NfsMount(session);
  }

  get maxWriteBytes(): number {
    return Math.min(Math.max(1, this.#session.info.maxWriteBytes), ourMaxWriteBytes);
  }

  /** An existing file is kept and opened, unless `exclusive` (`L-NET-221`). */
  createFile(path: string, options: { readonly exclusive?: boolean } = {}): Promise<WritableFile> {
    const exclusiveVerifier = options.exclusive ? this.#session.settings.randomness.bytes(8) : undefined;
    return this.#inDirectory(path, async (directory, name) => {
      const call = createFileCall(directory.handle, name, { mode: fileMode, exclusiveVerifier });
      const created = await this.#session.request(call, path);
      const object = await this.#complete(created, directory, name, path);
      // RFC 1813: an exclusive CREATE keeps its verifier in the attributes until they are set.
      if (exclusiveVerifier)
        await this.#session.request(
          setAttributesCall(object.handle, { mode: fileMode, timesNow: true }),
          path,
        );
      return { path, ...object };
    });
  }

  async openFile(path: string): Promise<WritableFile> {
    const object = await this.#session.at(path, async (found) => found);
    if (object.attributes.type !== 'file') throw this.#session.error('L-NET-208', path);
    return { path, ...object };
  }

  makeDirectory(path: string): Promise<RemoteAttributes> {
    return this.#inDirectory(path, async (directory, name) => {
      let repeated = false;
      try {
        const created = await this.#session.requestRepeatable((failures) => {
          repeated = failures > 0;
          return makeDirectoryCall(directory.handle, name, directoryMode);
        }, path);
        return (await this.#complete(created, directory, name, path)).attributes;
      } catch (error) {
        if (!repeated || !isError(error, 'L-NET-221')) throw error;
        return (await this.#session.lookUp(directory.handle, name, path)).attributes;
      }
    });
  }

  /**
   * Writes all of `data`, many WRITEs in flight. Durable when it returns: if the server restarted
   * in between (its verifier changed) all is sent again. `data` MUST NOT change until then.
   */
  write(file: WritableFile, offsetBytes: number, data: Uint8Array): Promise<void> {
    const { clock, giveUpAfterMs } = this.#session.settings;
    const gaveUp = (last: unknown) => (last instanceof Error ? last : this.#restarted(file.path));
    return persist({ clock, giveUpAfterMs, gaveUp }, () => this.#writeOnce(file, offsetBytes, data));
  }

  setSize(file: WritableFile, sizeBytes: number): Promise<void> {
    return this.#session.request(setAttributesCall(file.handle, { sizeBytes }), file.path);
  }

  remove(path: string): Promise<void> {
    return this.#remove('REMOVE', path);
  }

  removeDirectory(path: string): Promise<void> {
    return this.#remove('RMDIR', path);
  }

  /** An existing file at `to` is replaced. */
  rename(from: string, to: string): Promise<void> {
    return this.#inDirectory(from, (fromDirectory, fromName) =>
      this.#inDirectory(to, async (toDirectory, toName) => {
        let repeated = false;
        try {
          await this.#session.requestRepeatable((failures) => {
            repeated = failures > 0;
            return renameCall(fromDirectory.handle, fromName, toDirectory.handle, toName);
          }, from);
        } catch (error) {
          if (!repeated || !isError(error, 'L-NET-201') || !(await this.exists(to))) throw error;
        }
      }),
    );
  }

  stat(path: string): Promise<RemoteAttributes> {
    return this.reading.stat(path);
  }

  async exists(path: string): Promise<boolean> {
    try {
      await this.stat(path);
      return true;
    } catch (error) {
      if (isError(error, 'L-NET-201') || isError(error, 'L-NET-207')) return false;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** What fits into one WRITE is written durably at once; more goes unstable and is committed at the end. */
  async #writeOnce(file: WritableFile, offsetBytes: number, data: Uint8Array): Promise<void> {
    const { maxWriteBytes } = this;
    const stable = data.length <= maxWriteBytes ? stableHow.fileSync : stableHow.unstable;
    const pieces: Promise<readonly WriteAnswer[]>[] = [];
    for (let at = 0; at < data.length; at += maxWriteBytes) {
      const piece = data.subarray(at, at + maxWriteBytes);
      pieces.push(this.#writePiece(file, offsetBytes + at, piece, stable));
    }
    await Promise.allSettled(pieces);
    const pending = (await Promise.all(pieces)).flat().filter((answer) => !answer.durable);
    if (pending.length === 0) return;
    const verifier = await this.#session.request(commitCall(file.handle), file.path);
    if (pending.some((answer) => answer.verifier !== verifier)) throw this.#restarted(file.path);
  }

  /** Short writes are continued. */
  async #writePiece(
    file: WritableFile,
    offsetBytes: number,
    data: Uint8Array,
    stable: number,
  ): Promise<readonly WriteAnswer[]> {
    const answers: WriteAnswer[] = [];
    for (let done = 0; done < data.length; ) {
      const call = writeCall(file.handle, offsetBytes + done, data.subarray(done), stable);
      const answer = await this.#session.request(call, file.path);
      const { bytesWritten } = answer;
      if (bytesWritten === 0 || bytesWritten > data.length - done)
        throw this.#session.error('L-NET-113', file.path, { problem: `a WRITE of ${bytesWritten} bytes` });
      answers.push(answer);
      done += bytesWritten;
    }
    return answers;
  }

  #remove(kind: 'REMOVE' | 'RMDIR', path: string): Promise<void> {
    return this.#inDirectory(path, async (directory, name) => {
      let repeated = false;
      try {
        await this.#session.requestRepeatable((failures) => {
          repeated = failures > 0;
          return removeCall(kind, directory.handle, name);
        }, path);
      } catch (error) {
        if (!repeated || !isError(error, 'L-NET-201')) throw error;
      }
    });
  }

  #inDirectory<T>(path: string, work: (directory: RemoteObject, name: string) => Promise<T>): Promise<T> {
    const { directory, name } = splitPath(path);
    return this.#session.at(directory, (object) => work(object, name));
  }

  async #complete(
    created: CreatedObject,
    directory: RemoteObject,
    name: string,
    path: string,
  ): Promise<RemoteObject> {
    const { handle, attributes } = created;
    if (handle && attributes) return { handle, attributes };
    return this.#session.lookUp(directory.handle, name, path);
  }

  #restarted(path: string): LeewardError {
    return this.#session.error('L-NET-225', path);
  }
}
