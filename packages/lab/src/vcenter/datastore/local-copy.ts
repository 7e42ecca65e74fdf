import { closeSync, fstatSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { CatalogueFile } from './catalogue.ts';
import type { DatastoreFile } from './datastore-files.ts';

/** A copy, on this machine, of a file that a host wrote to a datastore: so that it can be served. */
export class LocalCopy implements CatalogueFile {
  readonly isLocked = false;
  readonly modifiedMs: number;
  readonly #path: string;
  readonly #file: number;

  constructor(path: string, modifiedMs: number) {
    this.#path = path;
    this.modifiedMs = modifiedMs;
    this.#file = openSync(path, 'w+');
  }

  get sizeBytes(): number {
    return fstatSync(this.#file).size;
  }

  read(offsetBytes: number, lengthBytes: number): Buffer {
    const buffer = Buffer.alloc(lengthBytes);
    return buffer.subarray(0, readSync(this.#file, buffer, 0, lengthBytes, offsetBytes));
  }

  /** The same file, writing to the datastore and to this copy. Closing it drops the copy. */
  tee(file: DatastoreFile): DatastoreFile {
    return {
      write: async (offsetBytes, data) => {
        writeSync(this.#file, data, 0, data.length, offsetBytes);
        await file.write(offsetBytes, data);
      },
      setSize: async (sizeBytes) => {
        ftruncateSync(this.#file, sizeBytes);
        await file.setSize(sizeBytes);
      },
      commit: () => file.commit(),
      setFrozen: async (isFrozen) => file.setFrozen?.(isFrozen),
      close: async () => {
        closeSync(this.#file);
        rmSync(this.#path, { force: true });
        await file.close();
      },
    };
  }
}
