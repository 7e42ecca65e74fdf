import { HostLunError } from '../../san/host-luns.ts';
import { VmfsHostError } from '../../vmfs/block-store.ts';
import type { HostFile, VmfsHostVolume } from '../../vmfs/host-volume.ts';
import type { DatastoreFile, DatastoreFiles, DiskFormat } from './datastore-files.ts';

/** Runs I/O in the name of a host. */
export type AsHost = <T>(work: () => Promise<T>) => Promise<T>;

const exclusive = 1;
const readOnly = 2;

/** A VMFS datastore as one simulated host sees it. */
export class VmfsFiles implements DatastoreFiles {
  readonly #volume: VmfsHostVolume;
  readonly #asHost: AsHost;

  constructor(volume: VmfsHostVolume, asHost: AsHost) {
    this.#volume = volume;
    this.#asHost = asHost;
  }

  async makeDirectory(path: string): Promise<void> {
    await unless('exists', () => this.#asHost(() => this.#volume.makeDirectory(path)));
  }

  create(path: string): Promise<DatastoreFile> {
    return this.#asHost(async () => {
      const known = await unless('not-found', () => this.#volume.open(path));
      if (known) await known.setSize(0);
      return this.#opened(known ?? (await this.#volume.createFile(path)), path);
    });
  }

  createDisk(path: string, sizeBytes: number, format: DiskFormat): Promise<DatastoreFile> {
    return this.#asHost(async () => {
      const file = await this.#volume.createDisk(path, sizeBytes, format);
      await this.#volume.setLock(path, exclusive);
      return this.#opened(file, path);
    });
  }

  async remove(path: string): Promise<void> {
    await unless('not-found', () => this.#asHost(() => this.#volume.remove(path)));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#asHost(() => this.#volume.rename(from, to));
  }

  isOutOfSpace(error: unknown): boolean {
    return (error instanceof VmfsHostError || error instanceof HostLunError) && error.reason === 'no-space';
  }

  async close(): Promise<void> {}

  #opened(file: HostFile, path: string): DatastoreFile {
    const asHost = this.#asHost;
    const volume = this.#volume;
    return {
      write: (offsetBytes, data) => asHost(() => file.write(offsetBytes, data)),
      setSize: (sizeBytes) => asHost(() => file.setSize(sizeBytes)),
      /** Every write is on the array before it returns. */
      commit: async () => undefined,
      setFrozen: (isFrozen) => asHost(() => volume.setLock(path, isFrozen ? readOnly : exclusive)),
      close: async () => undefined,
    };
  }
}

/** The result, or `undefined` when the volume says `reason`. */
async function unless<T>(reason: VmfsHostError['reason'], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VmfsHostError && error.reason === reason) return undefined;
    throw error;
  }
}
