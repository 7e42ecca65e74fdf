interface Use {
  readonly span: number;
  /** Named once, for all file blocks of its span. */
  readonly isAlone: boolean;
  entries: number;
  zeroed: number;
}

/**
 * Which large file blocks a file uses, and whether each is used as a whole: by an address for every file block in it, or
 * by a single one at the first, with none behind it. Which of them hosts write is not published; no file has both.
 */
export class LargeBlocks {
  readonly #perLarge: number;
  readonly #used = new Map<number, Use>();
  #lastLarge = -1;
  #lastUse: Use | undefined;
  /** Addresses of large blocks, one for each file block; those of them that are to be zeroed. */
  entries = 0;
  zeroedEntries = 0;

  /** @param perLarge file blocks in a large block. */
  constructor(perLarge: number) {
    this.#perLarge = perLarge;
  }

  get count(): number {
    return this.#used.size;
  }

  get zeroedCount(): number {
    return [...this.#used.values()].filter(({ zeroed }) => zeroed > 0).length;
  }

  has(large: number): boolean {
    return this.#used.has(large);
  }

  /** True for the block that was added last: it need not be checked again. */
  isLast(large: number): boolean {
    return large === this.#lastLarge;
  }

  /** True for a place that a block reaches to that is named once, before it. Places come in order. */
  endsAlone(fileBlock: number): boolean {
    const use = this.#lastUse;
    return use?.isAlone === true && Math.floor(fileBlock / this.#perLarge) === use.span;
  }

  /** False when the block serves another part of the file already. */
  add(large: number, fileBlock: number, isZeroed: boolean, isAlone = false): boolean {
    const span = Math.floor(fileBlock / this.#perLarge);
    const known = this.isLast(large) ? this.#lastUse : this.#used.get(large);
    if (known && known.span !== span) return false;
    const use = known ?? { span, isAlone, entries: 0, zeroed: 0 };
    use.entries++;
    this.entries++;
    if (isZeroed) {
      use.zeroed++;
      this.zeroedEntries++;
    }
    if (!known) this.#used.set(large, use);
    this.#lastLarge = large;
    this.#lastUse = use;
    return true;
  }

  /**
   * The first file block of a part whose addresses name a large block only here and there: a large block is
   * allocated whole, so the rest of the part cannot be a hole. `fileBlocks` is the length of the file.
   */
  partlyUsed(fileBlocks: number): number | undefined {
    const allAlone = [...this.#used.values()].every(
      ({ span, isAlone }) => isAlone || this.#needed(span, fileBlocks) <= 1,
    );
    for (const { span, entries, zeroed } of this.#used.values()) {
      const needed = allAlone ? 1 : this.#needed(span, fileBlocks);
      if (entries < needed || (zeroed > 0 && zeroed !== entries)) return span * this.#perLarge;
    }
    return undefined;
  }

  #needed(span: number, fileBlocks: number): number {
    return Math.min(this.#perLarge, fileBlocks - span * this.#perLarge);
  }
}
