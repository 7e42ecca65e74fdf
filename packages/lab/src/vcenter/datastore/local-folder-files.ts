import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatastoreFile, DatastoreFiles } from './datastore-files.ts';

/** A datastore in a folder of this machine: for tests and for labs without an array. */
export class LocalFolderFiles implements DatastoreFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async makeDirectory(path: string): Promise<void> {
    await mkdir(join(this.#root, path), { recursive: true });
  }

  async create(path: string): Promise<DatastoreFile> {
    return new LocalFile(await open(join(this.#root, path), 'w'));
  }

  async createDisk(path: string, sizeBytes: number): Promise<DatastoreFile> {
    const file = await this.create(path);
    await file.setSize(sizeBytes);
    return file;
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.#root, path), { force: true });
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(join(this.#root, from), join(this.#root, to));
  }

  isOutOfSpace(error: unknown): boolean {
    return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  }

  async close(): Promise<void> {}
}

class LocalFile implements DatastoreFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(offsetBytes: number, data: Uint8Array): Promise<void> {
    await this.#handle.write(data, 0, data.length, offsetBytes);
  }

  setSize(sizeBytes: number): Promise<void> {
    return this.#handle.truncate(sizeBytes);
  }

  async commit(): Promise<void> {}

  close(): Promise<void> {
    return this.#handle.close();
  }
}
