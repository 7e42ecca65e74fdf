/** Which of a fixed number of resources are in use. */
export class BitAllocator {
  readonly total: number;
  readonly #words: Uint32Array;
  #free: number;
  #cursor = 0;

  constructor(total: number) {
    this.total = total;
    this.#free = total;
    this.#words = new Uint32Array(Math.ceil(total / 32));
  }

  get free(): number {
    return this.#free;
  }

  isUsed(index: number): boolean {
    return ((this.#words[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
  }

  /** Marks one as used. It MUST be free. */
  use(index: number): void {
    if (index < 0 || index >= this.total || this.isUsed(index))
      throw new RangeError(`resource ${index} of ${this.total} is not free`);
    this.#words[index >>> 5] = (this.#words[index >>> 5] ?? 0) | (1 << (index & 31));
    this.#free--;
  }

  release(index: number): void {
    if (!this.isUsed(index)) throw new RangeError(`resource ${index} is free already`);
    this.#words[index >>> 5] = (this.#words[index >>> 5] ?? 0) & ~(1 << (index & 31));
    this.#free++;
  }

  /** Uses the next free one after the last that was taken, or after `start`. Undefined when all are in use. */
  take(start = this.#cursor): number | undefined {
    if (this.#free === 0) return undefined;
    for (let tried = 0, index = start % this.total; tried <= this.total; ) {
      if (index % 32 === 0 && this.#words[index >>> 5] === 0xffffffff) {
        index = (index + 32) % this.total >= index ? (index + 32) % this.total : 0;
        tried += 32;
        continue;
      }
      if (index < this.total && !this.isUsed(index)) {
        this.use(index);
        this.#cursor = index + 1;
        return index;
      }
      index = index + 1 >= this.total ? 0 : index + 1;
      tried++;
    }
    return undefined;
  }

  freeIn(first: number, count: number): number {
    let free = 0;
    for (let index = first; index < Math.min(first + count, this.total); index++)
      if (!this.isUsed(index)) free++;
    return free;
  }
}
