import { isLargeEntry, isZeroedEntry } from './addresses.ts';

/** The blocks of one file (entries as in `blockEntry`), in pages that are one pointer block each. */
export class BlockTable {
  readonly perPage: number;
  readonly #pages = new Map<number, { readonly entries: Float64Array; used: number }>();
  /** Pages whose pointer block is out of date. */
  readonly changedPages = new Set<number>();
  /** Pointer block of each page, and the upper ones of double indirect files, as resources. */
  readonly pointers = new Map<number, number>();
  readonly uppers = new Map<number, number>();
  readonly changedUppers = new Set<number>();
  /** Free the pointer blocks that the descriptor on the LUN still names: to be called once it is written anew. */
  readonly replaced: (() => void)[] = [];
  level = 0;
  used = 0;
  zeroed = 0;
  /** Parts of large blocks. */
  largeParts = 0;

  constructor(perPage: number) {
    this.perPage = perPage;
  }

  get(block: number): number {
    return this.#pages.get(Math.floor(block / this.perPage))?.entries[block % this.perPage] ?? 0;
  }

  set(block: number, entry: number): void {
    const index = Math.floor(block / this.perPage);
    let page = this.#pages.get(index);
    if (!page) {
      if (entry === 0) return;
      page = { entries: new Float64Array(this.perPage), used: 0 };
      this.#pages.set(index, page);
    }
    const before = page.entries[block % this.perPage] ?? 0;
    if (before === entry) return;
    page.entries[block % this.perPage] = entry;
    const change = this.#count(entry, 1) + this.#count(before, -1);
    page.used += change;
    if (page.used === 0) this.#pages.delete(index);
    this.changedPages.add(index);
  }

  #count(entry: number, sign: 1 | -1): number {
    if (entry === 0) return 0;
    this.used += sign;
    if (isZeroedEntry(entry)) this.zeroed += sign;
    if (isLargeEntry(entry)) this.largeParts += sign;
    return sign;
  }

  page(index: number): Float64Array | undefined {
    return this.#pages.get(index)?.entries;
  }

  pageIndexes(): number[] {
    return [...this.#pages.keys()];
  }

  /** Block and entry of all that is no hole. */
  *entries(): Generator<readonly [block: number, entry: number]> {
    for (const index of this.pageIndexes().sort((a, b) => a - b)) {
      const entries = this.page(index) ?? [];
      for (let at = 0; at < entries.length; at++) {
        const entry = entries[at] ?? 0;
        if (entry !== 0) yield [index * this.perPage + at, entry];
      }
    }
  }
}
