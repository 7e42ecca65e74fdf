import type { Clock } from '@leeward/core';
import type { CatalogueFile } from './catalogue.ts';
import type { DatastoreFile, DatastoreFiles, DiskFormat } from './datastore-files.ts';
import type { SimulatedDatastore } from './simulated-datastore.ts';

/** The folder of one VM on one datastore, as its host writes it. Names are relative to the folder. */
export class VmFolder {
  readonly directory: string;
  readonly files: DatastoreFiles;
  readonly datastore: SimulatedDatastore;
  readonly #clock: Clock;

  constructor(files: DatastoreFiles, datastore: SimulatedDatastore, directory: string, clock: Clock) {
    this.files = files;
    this.datastore = datastore;
    this.directory = directory;
    this.#clock = clock;
  }

  async make(): Promise<void> {
    await this.files.makeDirectory(this.directory);
    this.datastore.catalogue.addDirectory(this.directory);
  }

  /** Replaces a small file as hosts do: a new one beside it, then renamed over it, never half of it. */
  async putSmall(name: string, content: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(content);
    const file = await this.files.create(this.#path(`${name}~`));
    try {
      if (bytes.length > 0) await file.write(0, bytes);
      await file.commit();
    } finally {
      await file.close();
    }
    await this.files.rename(this.#path(`${name}~`), this.#path(name));
    this.datastore.catalogue.put(this.#path(name), {
      sizeBytes: bytes.length,
      modifiedMs: this.#clock.now(),
      isLocked: false,
      read: (offset, length) => bytes.subarray(offset, offset + length),
    });
  }

  /** A disk's data file; `served` tells how it is read for downloads. The caller closes it. */
  async createExtent(
    name: string,
    served: CatalogueFile,
    { sizeBytes, format }: { readonly sizeBytes: number; readonly format: DiskFormat },
  ): Promise<DatastoreFile> {
    const file = await this.files.createDisk(this.#path(name), sizeBytes, format);
    this.datastore.catalogue.put(this.#path(name), served);
    return file;
  }

  async remove(name: string): Promise<void> {
    await this.files.remove(this.#path(name));
    this.datastore.catalogue.remove(this.#path(name));
  }

  has(name: string): boolean {
    return this.datastore.catalogue.file(this.#path(name)) !== undefined;
  }

  /** Files of the folder with their sizes. */
  list(): { readonly name: string; readonly file: CatalogueFile }[] {
    return this.datastore.catalogue
      .children(this.directory)
      .flatMap(({ name, file }) => (file ? [{ name, file }] : []));
  }

  /** `[datastore] folder/name` */
  datastorePath(name: string): string {
    return `[${this.datastore.name}] ${this.directory}/${name}`;
  }

  /** `/vmfs/volumes/…/folder/name`, as hosts name files of other datastores. */
  volumePath(name: string): string {
    return `/vmfs/volumes/${this.datastore.uuid}/${this.directory}/${name}`;
  }

  #path(name: string): string {
    return `${this.directory}/${name}`;
  }
}
