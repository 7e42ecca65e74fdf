const pageBlocks = 512;

/** A set of block numbers that costs 64 bytes for each 512 blocks around those in it. */
export class BlockSet {
  readonly #pages = new Map<number, Uint32Array>();
  #lastKey = -1;
  #lastPage: Uint32Array | undefined;

  /** False when it was in the set already. */
  add(block: number): boolean {
    const key = Math.floor(block / pageBlocks);
    let page = this.#page(key);
    if (!page) {
      page = new Uint32Array(pageBlocks / 32);
      this.#pages.set(key, page);
      this.#lastPage = page;
    }
    const inside = block % pageBlocks;
    const bit = 1 << (inside & 31);
    const word = page[inside >>> 5] ?? 0;
    if (word & bit) return false;
    page[inside >>> 5] = word | bit;
    return true;
  }

  has(block: number): boolean {
    const page = this.#page(Math.floor(block / pageBlocks));
    const inside = block % pageBlocks;
    return page !== undefined && ((page[inside >>> 5] ?? 0) & (1 << (inside & 31))) !== 0;
  }

  hasAny(first: number, count: number): boolean {
    let block = first;
    while (block < first + count) {
      if (this.#page(Math.floor(block / pageBlocks)) === undefined)
        block = (Math.floor(block / pageBlocks) + 1) * pageBlocks;
      else if (this.has(block)) return true;
      else block++;
    }
    return false;
  }

  #page(key: number): Uint32Array | undefined {
    if (key !== this.#lastKey) {
      this.#lastKey = key;
      this.#lastPage = this.#pages.get(key);
    }
    return this.#lastPage;
  }
}
