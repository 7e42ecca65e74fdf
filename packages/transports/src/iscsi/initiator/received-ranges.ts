import { PduError } from '../pdu/pdu-error.ts';

const maxGaps = 64;

/**
 * Which bytes of a buffer have come, in any order within limits. Bytes that come twice are an error: nobody could
 * tell which are right.
 */
export class ReceivedRanges {
  readonly #sizeBytes: number;
  /** Everything before is there. */
  #contiguousBytes = 0;
  /** Further ranges, apart from each other and in order. */
  #ahead: { from: number; to: number }[] = [];

  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes;
  }

  /** Bytes from the start without a gap. */
  get contiguousBytes(): number {
    return this.#contiguousBytes;
  }

  /** Throws `PduError` when the range is outside or was received before. */
  check(offsetBytes: number, lengthBytes: number): void {
    const to = offsetBytes + lengthBytes;
    if (to > this.#sizeBytes)
      throw new PduError(`data up to ${to} where ${this.#sizeBytes} bytes were asked for`);
    const isTaken =
      offsetBytes < this.#contiguousBytes ||
      this.#ahead.some((range) => range.from < to && offsetBytes < range.to);
    if (isTaken && lengthBytes > 0) throw new PduError('the same data twice');
  }

  add(offsetBytes: number, lengthBytes: number): void {
    if (offsetBytes === this.#contiguousBytes) {
      this.#contiguousBytes += lengthBytes;
      while (this.#ahead[0]?.from === this.#contiguousBytes)
        this.#contiguousBytes = (this.#ahead.shift() as { to: number }).to;
      return;
    }
    const range = { from: offsetBytes, to: offsetBytes + lengthBytes };
    const before = this.#ahead.find(({ to }) => to === range.from);
    if (before) {
      before.to = range.to;
      this.#joinAfter(before);
      return;
    }
    if (this.#ahead.length >= maxGaps) throw new PduError('data in too many pieces out of order');
    this.#ahead.push(range);
    this.#ahead.sort((a, b) => a.from - b.from);
    this.#joinAfter(range);
  }

  #joinAfter(range: { from: number; to: number }): void {
    const next = this.#ahead.find(({ from }) => from === range.to);
    if (!next) return;
    range.to = next.to;
    this.#ahead = this.#ahead.filter((other) => other !== next);
  }
}
