import { type FileHandle, open } from 'node:fs/promises';
import type { BlockStore } from './block-store.ts';

/** A LUN in a sparse file. */
export class FileStore implements BlockStore {
  readonly sizeBytes: number;
  readonly #file: FileHandle;

  private constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  /** Creates the file; what was there is lost. */
  static async create(path: string, sizeBytes: number): Promise<FileStore> {
    const file = await open(path, 'w+', 0o600);
    try {
      await file.truncate(sizeBytes);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new FileStore(file, sizeBytes);
  }

  static async open(path: string): Promise<FileStore> {
    const file = await open(path, 'r+');
    return new FileStore(file, (await file.stat()).size);
  }

  async read(offsetBytes: number, target: Uint8Array): Promise<void> {
    let done = 0;
    while (done < target.length) {
      const { bytesRead } = await this.#file.read(target, done, target.length - done, offsetBytes + done);
      if (bytesRead === 0) throw new RangeError(`byte ${offsetBytes + done} is behind the end of the file`);
      done += bytesRead;
    }
  }

  async write(offsetBytes: number, data: Uint8Array): Promise<void> {
    if (!(offsetBytes + data.length <= this.sizeBytes))
      throw new RangeError(`byte ${offsetBytes + data.length} is behind the end of the file`);
    let done = 0;
    while (done < data.length) {
      const { bytesWritten } = await this.#file.write(data, done, data.length - done, offsetBytes + done);
      done += bytesWritten;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
