/** A set of small non-negative integers below a fixed size. */
export class Bitmap {
  readonly size: number;
  readonly #words: Uint32Array;

  constructor(size: number) {
    this.size = size;
    this.#words = new Uint32Array((size + 31) >>> 5);
  }

  has(index: number): boolean {
    return (((this.#words[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
  }

  add(index: number): void {
    const word = index >>> 5;
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (index & 31));
  }

  /** Those from `first` on that are smaller than `end`. */
  addRange(first: number, end: number): void {
    for (let index = first; index < end; index++) this.add(index);
  }

  addAll(other: Bitmap): void {
    for (let word = 0; word < this.#words.length; word++)
      this.#words[word] = (this.#words[word] ?? 0) | (other.#words[word] ?? 0);
  }

  copy(): Bitmap {
    const copy = new Bitmap(this.size);
    copy.addAll(this);
    return copy;
  }

  *members(): Generator<number> {
    for (let word = 0; word < this.#words.length; word++) {
      if (this.#words[word] === 0) continue;
      for (let index = word * 32; index < word * 32 + 32; index++) if (this.has(index)) yield index;
    }
  }
}
