/** Loads one page of metadata. */
export type LoadPage = (signal?: AbortSignal) => Promise<DataView>;

/**
 * The grain directories and tables of a whole chain, within a fixed number of bytes: the pages not used for
 * longest go first. Pages that are in use stay readable after that. A page asked for twice at once is loaded
 * once.
 */
export class PageCache {
  readonly #limitBytes: number;
  readonly #pages = new Map<string, DataView>();
  readonly #loading = new Map<string, Promise<DataView>>();
  #sizeBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes held at this moment. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The page, if it is there. */
  peek(key: string): DataView | undefined {
    const page = this.#pages.get(key);
    if (page) {
      this.#pages.delete(key);
      this.#pages.set(key, page);
    }
    return page;
  }

  async get(key: string, load: LoadPage, signal?: AbortSignal): Promise<DataView> {
    for (;;) {
      signal?.throwIfAborted();
      const page = this.peek(key);
      if (page) return page;
      const pending = this.#loading.get(key);
      if (!pending) return this.#load(key, load, signal);
      // A failure of another reader is its own (it may have been aborted): then this one loads for itself.
      await pending.catch(() => undefined);
    }
  }

  async #load(key: string, load: LoadPage, signal?: AbortSignal): Promise<DataView> {
    const loading = load(signal);
    this.#loading.set(key, loading);
    try {
      const page = await loading;
      this.#keep(key, page);
      return page;
    } finally {
      this.#loading.delete(key);
    }
  }

  #keep(key: string, page: DataView): void {
    this.#pages.set(key, page);
    this.#sizeBytes += page.byteLength;
    for (const [oldest, { byteLength }] of this.#pages) {
      if (this.#sizeBytes <= this.#limitBytes) break;
      this.#pages.delete(oldest);
      this.#sizeBytes -= byteLength;
    }
  }
}
