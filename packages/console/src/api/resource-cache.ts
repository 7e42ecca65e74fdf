import type { ApiClient } from './client.ts';

/** What is known of one address of the API. */
export interface Resource<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly loading: boolean;
  /** Of a list: path of the next page. */
  readonly next?: string;
  /** Of what can be changed. */
  readonly etag?: string;
}

interface Entry {
  state: Resource<unknown>;
  readonly listeners: Set<() => void>;
  /** A read that is under way, and whether what it brings is old already. */
  reading: boolean;
  again: boolean;
}

const unknownYet: Resource<never> = { loading: true };

/** Answers of the API by path: read once for all who look, read anew when told that they are old. */
export class ResourceCache {
  readonly #api: ApiClient;
  readonly #entries = new Map<string, Entry>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  get<T>(path: string): Resource<T> {
    return (this.#entries.get(path)?.state ?? unknownYet) as Resource<T>;
  }

  /** Reads the path if nobody looked at it before. The caller calls what is returned when it looks no more. */
  subscribe(path: string, listener: () => void): () => void {
    const entry = this.#entry(path);
    const isFirst = entry.listeners.size === 0;
    entry.listeners.add(listener);
    if (isFirst) void this.#read(path, entry);
    return () => {
      entry.listeners.delete(listener);
    };
  }

  /** Everything of these paths is old; what is looked at is read anew, what is not is forgotten. */
  refresh(isOld: (path: string) => boolean = () => true): void {
    for (const [path, entry] of this.#entries) {
      if (!isOld(path)) continue;
      if (entry.listeners.size === 0) this.#entries.delete(path);
      else void this.#read(path, entry);
    }
  }

  #entry(path: string): Entry {
    const known = this.#entries.get(path);
    if (known) return known;
    const entry: Entry = { state: unknownYet, listeners: new Set(), reading: false, again: false };
    this.#entries.set(path, entry);
    return entry;
  }

  async #read(path: string, entry: Entry): Promise<void> {
    if (entry.reading) {
      entry.again = true;
      return;
    }
    entry.reading = true;
    do {
      entry.again = false;
      const { error: _, ...seen } = entry.state;
      this.#tell(entry, { ...seen, loading: true });
      try {
        this.#tell(entry, { ...(await this.#api.read(path)), loading: false });
      } catch (error) {
        // What was seen last stays to be seen, beside the problem.
        this.#tell(entry, { ...entry.state, error, loading: false });
      }
    } while (entry.again);
    entry.reading = false;
  }

  #tell(entry: Entry, state: Resource<unknown>): void {
    entry.state = state;
    for (const listener of entry.listeners) listener();
  }
}
