/** Reused buffers for the batches in flight; more than were ever needed at once are never made. */
export class BatchBuffers {
  readonly #bytes: number;
  readonly #free: Uint8Array[] = [];

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(this.#bytes);
  }

  giveBack(buffer: Uint8Array): void {
    this.#free.push(buffer);
  }
}

/**
 * Data read, hashed and asked about at once. Two of them keep a path of 2 GB/s and 2 ms busy; with twice as much the
 * buffers push each other out of the caches, and reading from a fast source costs about a tenth more CPU time.
 */
const batchBytes = 2 * 1024 * 1024;

export function blocksPerBatch(blockBytes: number): number {
  return Math.max(1, Math.floor(batchBytes / blockBytes));
}
