/** The kinds of files of a repository. `config` is a single file with an empty name. */
export type FileKind = 'config' | 'keys' | 'snapshots' | 'index' | 'locks' | 'data';

export interface StoredFile {
  readonly name: string;
  readonly sizeBytes: number;
}

/**
 * Where the files of a repository lie. Contract, proved by `describeBackend`:
 * - `save` is atomic and durable: when it resolves, the file survives a power cut; when it rejects or the
 *   process dies, the file is either absent or complete. Saving the same name again replaces it as a whole.
 * - `load` gives exactly the bytes asked for or throws: `L-REP-110` when the file is absent, `L-REP-111` when it
 *   is too short.
 * - `list` names complete files only, in any order; a kind without files gives nothing.
 * - `remove` of what is absent is success.
 * - Errors are typed: full `L-REP-107`, denied `L-REP-108`, anything else of the storage `L-REP-109`.
 * - All calls may run at the same time, from several threads and processes.
 */
export interface RepositoryBackend {
  /** For messages: a path or an address, never with credentials. */
  readonly location: string;
  /** What a worker thread needs to open the same place with `openBackend`. */
  readonly locator: BackendLocator;
  save(kind: FileKind, name: string, content: Uint8Array): Promise<void>;
  /** Begins a file that is written piece by piece and named when it is complete, as packs are by their hash. */
  stage(kind: FileKind): Promise<StagedFile>;
  /** The whole file, or `range.lengthBytes` bytes of it. Fills `target` from its beginning when given. */
  load(kind: FileKind, name: string, range?: ByteRange, target?: Uint8Array): Promise<Uint8Array>;
  list(kind: FileKind): AsyncIterable<StoredFile>;
  /** `undefined` when absent. */
  stat(kind: FileKind, name: string): Promise<StoredFile | undefined>;
  remove(kind: FileKind, name: string): Promise<void>;
  /**
   * Takes a file out of the repository without deleting it, for those who want to look into its damage. It is listed
   * and found no more. Returns where it lies now; `undefined` when there was none.
   */
  setAside(kind: FileKind, name: string): Promise<string | undefined>;
  /**
   * Removes what dead writers of this host left half written, and nothing that anybody may still be writing. Returns
   * how many such files there were. Needs no lock: nobody takes them for files of the repository.
   */
  removeUnfinished(nowMs: number): Promise<number>;
}

/** A file on its way. Nobody sees it before `commit`, which is as atomic and durable as `save`. */
export interface StagedFile {
  /** One call at a time; `content` is free again when it resolves. */
  append(content: Uint8Array): Promise<void>;
  commit(name: string): Promise<void>;
  /** Takes back what was not committed. Idempotent, never throws. MUST be called after a failure. */
  discard(): Promise<void>;
}

export interface ByteRange {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** Serialisable address of a backend. */
export interface BackendLocator {
  readonly kind: 'folder';
  readonly path: string;
}
