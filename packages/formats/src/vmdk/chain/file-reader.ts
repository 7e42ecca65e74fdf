import type { Extent } from '@leeward/core';

/**
 * A file that is read at any place and does not change meanwhile (a file in a storage snapshot). Contract:
 * - `read` fills the whole target or throws; callers stay within the size. Many reads may be in flight.
 * - A file of an NFS mount (`NfsFile`) is one as it is.
 */
export interface FileReader {
  readonly sizeBytes: number;
  /** Where the file system tells it (VMFS): the host that held the file for itself alone, as for writing. */
  readonly exclusiveOwner?: string | undefined;
  read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void>;
  /**
   * Where the file system knows holes (VMFS does, NFS 3 does not): the parts of the range that may hold other
   * than zeros, in order.
   */
  allocatedIn?(offsetBytes: number, lengthBytes: number, signal?: AbortSignal): Promise<readonly Extent[]>;
  /** Beside them, where the file system has blocks that it says were never written: they read as zeros. In order. */
  unwrittenIn?(offsetBytes: number, lengthBytes: number, signal?: AbortSignal): Promise<readonly Extent[]>;
  /** What lies in such blocks all the same, only to judge by: it is no content of the file. Within `unwrittenIn`. */
  readUnwritten?(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void>;
}

/**
 * The files of a folder and all below it, usually those of one datastore. The files that it opens belong to it:
 * who closes the folder MUST do that after the last use of a chain over it.
 */
export interface FolderReader {
  /** Same folder, same name; different folders, different names. Also shown in errors, before the path. */
  readonly name: string;
  /** Opens a plain path relative to the folder; undefined when there is no such file, an error for all else. */
  open(path: string, signal?: AbortSignal): Promise<FileReader | undefined>;
}

/** A file's place: the folder that can open it, and its path there. */
export interface FilePlace {
  readonly folder: FolderReader;
  readonly path: string;
}

/**
 * Finds the place of an absolute parent hint (`/vmfs/volumes/<uuid or name>/folder/disk.vmdk`); undefined when
 * the datastore is not among those that can be read.
 */
export type ParentResolver = (hint: string, signal?: AbortSignal) => Promise<FilePlace | undefined>;

/** How a file is shown to users. */
export function placeName({ folder, path }: FilePlace): string {
  return folder.name === '' ? path : `${folder.name}/${path}`;
}

/** The place of a file named relative to the folder of another one. */
export function siblingPlace({ folder, path }: FilePlace, name: string): FilePlace {
  const end = path.lastIndexOf('/');
  return { folder, path: end < 0 ? name : `${path.slice(0, end)}/${name}` };
}
