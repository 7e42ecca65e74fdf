import type { RawEntry } from './directory.ts';
import type { VmfsLimits } from './limits.ts';

type Entries = ReadonlyMap<string, RawEntry>;

/** Keeps the directories read last, within the limits. Content of an open volume does not change. */
export class DirectoryCache {
  readonly #limits: VmfsLimits;
  readonly #kept = new Map<number, Entries>();
  #entries = 0;

  constructor(limits: VmfsLimits) {
    this.#limits = limits;
  }

  get(address: number): Entries | undefined {
    const found = this.#kept.get(address);
    if (!found) return undefined;
    this.#kept.delete(address);
    this.#kept.set(address, found);
    return found;
  }

  put(address: number, entries: Entries): void {
    if (entries.size > this.#limits.cachedEntries || this.#kept.has(address)) return;
    this.#kept.set(address, entries);
    this.#entries += entries.size;
    for (const [oldest, { size }] of this.#kept) {
      const fits =
        this.#entries <= this.#limits.cachedEntries && this.#kept.size <= this.#limits.cachedDirectories;
      if (fits) return;
      this.#kept.delete(oldest);
      this.#entries -= size;
    }
  }
}
