import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '@leeward/platform/files/durable-file';
import { unfinishedName } from './unfinished-files.ts';

/** A file that is being written, under a name that nobody takes for a file of the repository. Throws system errors. */
export class UnfinishedFile {
  readonly #path: string;
  readonly #file: FileHandle;
  #isOpen = true;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Begins a file beside `path`. */
  static async create(path: string): Promise<UnfinishedFile> {
    const unfinished = unfinishedName(path);
    return new UnfinishedFile(unfinished, await open(unfinished, 'wx', 0o600));
  }

  async append(content: Uint8Array): Promise<void> {
    for (let done = 0; done < content.length; ) {
      done += (await this.#file.write(content, done, content.length - done)).bytesWritten;
    }
  }

  /** Gives it its name, complete and durable. May be repeated after a failure, until `discard`. */
  async moveTo(path: string): Promise<void> {
    if (this.#isOpen) {
      await this.#file.datasync();
      await this.#close();
    }
    await rename(this.#path, path);
    await syncFolder(dirname(path));
  }

  /** Removes what is there, unless it has got its name. Never throws. */
  async discard(): Promise<void> {
    await this.#close().catch(() => undefined);
    await unlink(this.#path).catch(() => undefined);
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#file.close();
  }
}
