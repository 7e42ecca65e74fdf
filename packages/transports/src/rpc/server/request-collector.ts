import { XdrError } from '../../xdr/xdr-error.ts';
import { type FragmentSink, FragmentSplitter } from '../record-mark.ts';

const smallRecordBytes = 64 * 1024;

/**
 * Collects the records of one connection, each into a buffer of its own that may be kept. A record above
 * `maxRecordBytes` is an `XdrError`; memory is taken as bytes arrive, not as lengths are claimed.
 */
export class RequestCollector implements FragmentSink {
  readonly #splitter = new FragmentSplitter();
  readonly #maxRecordBytes: number;
  readonly #onRecord: (record: Uint8Array) => void;
  readonly #mayGoOn: () => boolean;
  #record = Buffer.alloc(0);
  #filled = 0;
  #announced = 0;

  constructor(maxRecordBytes: number, onRecord: (record: Uint8Array) => void, mayGoOn: () => boolean) {
    this.#maxRecordBytes = maxRecordBytes;
    this.#onRecord = onRecord;
    this.#mayGoOn = mayGoOn;
  }

  /** Returns how many bytes were taken; fewer than given once `mayGoOn` says no after a record. */
  accept(chunk: Uint8Array): number {
    return this.#splitter.feed(chunk, this);
  }

  started(lengthBytes: number): void {
    this.#announced = this.#filled + lengthBytes;
    if (this.#announced > this.#maxRecordBytes)
      throw new XdrError(`a record above the bound of ${this.#maxRecordBytes} bytes`);
  }

  payload(chunk: Uint8Array, start: number, end: number): void {
    const filled = this.#filled + end - start;
    if (filled > this.#record.length) this.#grow(filled);
    this.#record.set(chunk.subarray(start, end), this.#filled);
    this.#filled = filled;
  }

  ended(): void {
    const record = this.#record.subarray(0, this.#filled);
    this.#record = Buffer.alloc(0);
    this.#filled = 0;
    this.#announced = 0;
    this.#onRecord(record);
  }

  goOn(): boolean {
    return this.#mayGoOn();
  }

  /** Small at first, then at once as large as announced: two steps, whatever a hostile mark claims. */
  #grow(needed: number): void {
    const size = needed <= smallRecordBytes ? Math.min(this.#announced, smallRecordBytes) : this.#announced;
    const larger = Buffer.allocUnsafe(Math.max(needed, size));
    this.#record.copy(larger, 0, 0, this.#filled);
    this.#record = larger;
  }
}
