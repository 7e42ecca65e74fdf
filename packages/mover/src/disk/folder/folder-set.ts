import type { FilePlace, ParentResolver } from '@leeward/formats';
import type { ChainFolder } from '../disk-source.ts';
import type { DiskTools } from '../open-disk.ts';
import { type OpenFolder, openFolder } from './open-folder.ts';

/** The datastores that a chain may lie on. Each is connected to when the first file of it is needed, and once. */
export class FolderSet {
  readonly #folders: readonly ChainFolder[];
  readonly #tools: DiskTools;
  readonly #signal: AbortSignal | undefined;
  readonly #opened = new Map<number, Promise<OpenFolder>>();

  constructor(folders: readonly ChainFolder[], tools: DiskTools, signal: AbortSignal | undefined) {
    this.#folders = folders;
    this.#tools = tools;
    this.#signal = signal;
  }

  async open(index: number): Promise<OpenFolder> {
    const known = this.#opened.get(index);
    if (known) return known;
    const wanted = this.#folders[index];
    if (!wanted) throw new RangeError(`there is no folder ${index}`);
    const opening = openFolder(wanted.access, wanted.name, this.#tools, this.#signal);
    this.#opened.set(index, opening);
    return opening;
  }

  /** Finds `/vmfs/volumes/<uuid or label>/folder/disk.vmdk` among the datastores; undefined when it is on none. */
  readonly resolveParent: ParentResolver = async (hint): Promise<FilePlace | undefined> => {
    const [, store, path] = /^\/vmfs\/volumes\/+([^/]+)\/+(.+)$/.exec(hint) ?? [];
    if (store === undefined || path === undefined) return undefined;
    const index = this.#folders.findIndex(({ hints }) => hints.includes(store));
    if (index < 0) return undefined;
    return { folder: (await this.open(index)).folder, path };
  };

  /** Idempotent. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#opened.values());
    await Promise.all(
      opened.map((result) => (result.status === 'fulfilled' ? result.value.close() : undefined)),
    );
  }
}
