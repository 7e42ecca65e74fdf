/** Who calls: taken from the connection and the AUTH_SYS credential (RFC 5531). */
export interface NfsCaller {
  readonly address: string;
  readonly port: number;
  /** `none` for AUTH_NONE. */
  readonly flavor: 'none' | 'sys';
  readonly uid: number;
  readonly gid: number;
  readonly gids: readonly number[];
}

export type NfsFileType = 'file' | 'directory' | 'symlink';

export interface NfsAttributes {
  readonly type: NfsFileType;
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly usedBytes: number;
  readonly fileSystemId: bigint;
  readonly fileId: bigint;
  readonly accessedMs: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
}

/** Opaque, 1 to 64 bytes, stable as long as the object exists. */
export type NfsHandle = Uint8Array;

export interface NfsDirectoryEntry {
  readonly fileId: bigint;
  readonly name: string;
  /** Position to continue behind this entry; never 0. */
  readonly cookie: bigint;
  readonly handle: NfsHandle;
  readonly attributes: NfsAttributes;
}

export interface NfsObject {
  readonly handle: NfsHandle;
  readonly attributes: NfsAttributes;
}

/**
 * What the NFS server serves: the door between the protocol and any storage behind it. Methods throw
 * `NfsStatusError` with the status of RFC 1813 (ACCES, NOENT, STALE, ROFS, NOSPC, …); anything else thrown is
 * answered with SERVERFAULT. The server checks nothing itself: exports and permissions are decided here, from
 * the caller.
 */
export interface NfsFileSystem {
  /** MOUNT: path to root handle. `MNT3ERR_ACCES` / `NOENT` as status 13 / 2. */
  mount(path: string, caller: NfsCaller): Promise<NfsHandle>;
  /** EXPORT: what is shown to the caller. */
  exports(
    caller: NfsCaller,
  ): Promise<readonly { readonly path: string; readonly clients: readonly string[] }[]>;

  attributes(handle: NfsHandle, caller: NfsCaller): Promise<NfsAttributes>;
  lookup(directory: NfsHandle, name: string, caller: NfsCaller): Promise<NfsObject>;
  /** Subset of `wanted` (bits of RFC 1813 ACCESS) that is granted. */
  access(handle: NfsHandle, wanted: number, caller: NfsCaller): Promise<number>;
  readDirectory(
    directory: NfsHandle,
    afterCookie: bigint,
    maxEntries: number,
    caller: NfsCaller,
  ): Promise<{ readonly entries: readonly NfsDirectoryEntry[]; readonly end: boolean }>;
  readLink(handle: NfsHandle, caller: NfsCaller): Promise<string>;
  /** Fills `target` from its start; fewer bytes only at the end of the file. */
  read(
    handle: NfsHandle,
    offsetBytes: number,
    target: Uint8Array,
    caller: NfsCaller,
  ): Promise<{ readonly bytesRead: number; readonly end: boolean }>;

  /** The writing half; a file system without it answers ROFS. */
  readonly writing?: NfsWriting;

  statistics(handle: NfsHandle): Promise<NfsStatistics>;
}

export interface NfsWriting {
  write(handle: NfsHandle, offsetBytes: number, data: Uint8Array, caller: NfsCaller): Promise<void>;
  /** Makes written data durable. */
  commit(handle: NfsHandle, caller: NfsCaller): Promise<void>;
  /** `exclusive`: EXIST when the name is taken; else an existing file is kept. */
  createFile(
    directory: NfsHandle,
    name: string,
    options: { readonly exclusive: boolean; readonly mode: number },
    caller: NfsCaller,
  ): Promise<NfsObject>;
  makeDirectory(directory: NfsHandle, name: string, mode: number, caller: NfsCaller): Promise<NfsObject>;
  setAttributes(
    handle: NfsHandle,
    changes: { readonly sizeBytes?: number; readonly mode?: number },
    caller: NfsCaller,
  ): Promise<NfsAttributes>;
  remove(directory: NfsHandle, name: string, caller: NfsCaller): Promise<void>;
  removeDirectory(directory: NfsHandle, name: string, caller: NfsCaller): Promise<void>;
  rename(
    fromDirectory: NfsHandle,
    fromName: string,
    toDirectory: NfsHandle,
    toName: string,
    caller: NfsCaller,
  ): Promise<void>;
}

export interface NfsStatistics {
  readonly totalBytes: number;
  readonly freeBytes: number;
}
