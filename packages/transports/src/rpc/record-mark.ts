/** Record marking of RPC over TCP (RFC 5531, section 11): a word with the length of the fragment. */
export const markBytes = 4;

const lastFragmentBit = 0x8000_0000;

/** The mark of a record that is sent as one fragment. */
export function singleFragmentMark(lengthBytes: number): number {
  return (lastFragmentBit | lengthBytes) >>> 0;
}

/** Consumes a byte stream and tells apart fragments; knows nothing of what is in them. */
export class FragmentSplitter {
  #markFilled = 0;
  #mark = 0;
  #left = 0;
  #last = false;

  /** Bytes of the current fragment still to come. */
  get left(): number {
    return this.#left;
  }

  /**
   * Walks through `chunk`: `payload` learns where each piece of fragment content is, `ended` is called after
   * the last piece of a record. `started` learns each fragment's length and may throw to refuse it. Stops early
   * when `goOn` says no after a record; returns how many bytes were consumed.
   */
  feed(chunk: Uint8Array, sink: FragmentSink): number {
    let at = 0;
    while (at < chunk.length) {
      if (this.#markFilled < markBytes) {
        this.#mark = ((this.#mark << 8) | (chunk[at++] ?? 0)) >>> 0;
        if (++this.#markFilled < markBytes) continue;
        this.#left = this.#mark & ~lastFragmentBit;
        this.#last = this.#mark >= lastFragmentBit;
        sink.started(this.#left);
      }
      const length = Math.min(this.#left, chunk.length - at);
      if (length > 0) sink.payload(chunk, at, at + length);
      at += length;
      this.#left -= length;
      if (this.#left > 0) continue;
      this.#markFilled = 0;
      this.#mark = 0;
      if (this.#last) {
        sink.ended();
        if (sink.goOn && !sink.goOn()) break;
      }
    }
    return at;
  }
}

export interface FragmentSink {
  started(lengthBytes: number): void;
  /** The content is `chunk` from `start` to `end`: no view, which takes longer to make than a small copy. */
  payload(chunk: Uint8Array, start: number, end: number): void;
  ended(): void;
  goOn?(): boolean;
}
