/** How a host allocates a disk; on NFS the array decides, and only the size counts. */
export type DiskFormat = 'thin' | 'lazy' | 'eager';

/** An open file of a datastore, for writing only: a simulated host never reads the array's data port. */
export interface DatastoreFile {
  /** Any offset; the file grows as needed. Several writes may be under way. */
  write(offsetBytes: number, data: Uint8Array): Promise<void>;
  setSize(sizeBytes: number): Promise<void>;
  /** Resolves when all that was written is durable. */
  commit(): Promise<void>;
  /** Where hosts lock files (VMFS): a frozen file is locked for reading, every other one for the host alone. */
  setFrozen?(isFrozen: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * A datastore as one simulated host sees it. Paths are relative to the datastore's root, with `/` between
 * components. Failures are thrown as they come from the storage (`LeewardError`s for NFS, `VmfsHostError`s and
 * `HostLunError`s for VMFS); full storage is recognised by `isOutOfSpace`.
 */
export interface DatastoreFiles {
  /** Fine when it exists already. */
  makeDirectory(path: string): Promise<void>;
  /** Creates an empty file or empties an existing one. */
  create(path: string): Promise<DatastoreFile>;
  /** A new disk data file of that size; the host holds its lock. */
  createDisk(path: string, sizeBytes: number, format: DiskFormat): Promise<DatastoreFile>;
  /** "Not found" is success. */
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  isOutOfSpace(error: unknown): boolean;
  close(): Promise<void>;
}
