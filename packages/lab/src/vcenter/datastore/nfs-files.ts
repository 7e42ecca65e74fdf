import { isError } from '@leeward/core';
import type { NfsOptions } from '@leeward/transports/nfs/client/nfs-options';
import { NfsWriter, type WritableFile } from '@leeward/transports/nfs/client/nfs-writer';
import type { DatastoreFile, DatastoreFiles } from './datastore-files.ts';

const notFound = 'L-NET-201';
const exists = 'L-NET-221';
const noSpace = 'L-NET-222';

/** A datastore on an NFS export, written by one simulated host. Never reads file content. */
export class NfsFiles implements DatastoreFiles {
  readonly #writer: NfsWriter;

  private constructor(writer: NfsWriter) {
    this.#writer = writer;
  }

  static async connect(options: NfsOptions): Promise<NfsFiles> {
    return new NfsFiles(await NfsWriter.connect(options));
  }

  async makeDirectory(path: string): Promise<void> {
    try {
      await this.#writer.makeDirectory(path);
    } catch (error) {
      if (!isError(error, exists)) throw error;
    }
  }

  async create(path: string): Promise<DatastoreFile> {
    const file = await this.#writer.createFile(path);
    if (file.attributes.sizeBytes > 0) await this.#writer.setSize(file, 0);
    return new NfsDatastoreFile(this.#writer, file);
  }

  async createDisk(path: string, sizeBytes: number): Promise<DatastoreFile> {
    const file = await this.create(path);
    await file.setSize(sizeBytes);
    return file;
  }

  async remove(path: string): Promise<void> {
    try {
      await this.#writer.remove(path);
    } catch (error) {
      if (!isError(error, notFound)) throw error;
    }
  }

  rename(from: string, to: string): Promise<void> {
    return this.#writer.rename(from, to);
  }

  isOutOfSpace(error: unknown): boolean {
    return isError(error, noSpace);
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}

class NfsDatastoreFile implements DatastoreFile {
  readonly #writer: NfsWriter;
  readonly #file: WritableFile;

  constructor(writer: NfsWriter, file: WritableFile) {
    this.#writer = writer;
    this.#file = file;
  }

  write(offsetBytes: number, data: Uint8Array): Promise<void> {
    return this.#writer.write(this.#file, offsetBytes, data);
  }

  setSize(sizeBytes: number): Promise<void> {
    return this.#writer.setSize(this.#file, sizeBytes);
  }

  /** Every write is committed by the writer before it returns. */
  async commit(): Promise<void> {}

  async close(): Promise<void> {}
}
