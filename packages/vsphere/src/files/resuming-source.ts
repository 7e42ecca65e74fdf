import { bounded, type Clock } from '@leeward/core';

/** What tells one version of a file from another. */
export interface Stamp {
  readonly modified: string;
  readonly totalBytes?: number;
}

export interface ByteStream extends AsyncIterable<Uint8Array> {
  destroy(): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface Opened {
  readonly stamp: Stamp;
  /** Absent when nothing is left to read. */
  readonly body?: ByteStream;
}

export interface SourceOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Opens the file `deliveredBytes` behind the beginning of what is read. `stamp`: what it was at first. */
  readonly open: (deliveredBytes: number, stamp: Stamp | undefined) => Promise<Opened>;
  /** Turns what broke the stream into an error of the catalogue. */
  readonly explain: (error: unknown) => unknown;
}

const chunkTimeoutMs = 60_000;

/** One stream after another over the same bytes: after a fault it is opened again behind what was delivered. */
export class ResumingSource {
  readonly #options: SourceOptions;
  #stamp: Stamp | undefined;
  #body: ByteStream | undefined;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  #delivered = 0;

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /** The next bytes, or nothing at the end. May be called again after an error. */
  async next(): Promise<Uint8Array | undefined> {
    const { clock, signal, explain } = this.#options;
    try {
      this.#chunks ??= await this.#start();
      const chunks = this.#chunks;
      if (!chunks) return undefined;
      const bound = { name: 'the next bytes of a datastore file', timeoutMs: chunkTimeoutMs, signal };
      const { value, done } = await bounded(clock, bound, () => chunks.next());
      if (done) return undefined;
      this.#delivered += value.length;
      return value;
    } catch (error) {
      this.close();
      signal?.throwIfAborted();
      throw explain(error);
    }
  }

  close(): void {
    this.#body?.destroy();
    this.#body = undefined;
    this.#chunks = undefined;
  }

  async #start(): Promise<AsyncIterator<Uint8Array> | undefined> {
    const opened = await this.#options.open(this.#delivered, this.#stamp);
    this.#stamp ??= opened.stamp;
    this.#body = opened.body;
    // Errors come out of the iterator; one that nobody waits for must not end the process.
    opened.body?.on('error', () => undefined);
    return opened.body?.[Symbol.asyncIterator]();
  }
}
