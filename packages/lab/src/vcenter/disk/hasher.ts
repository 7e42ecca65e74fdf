import { Worker } from 'node:worker_threads';
import { siblingModule } from '@leeward/platform';

const pieceBytes = 512 * 1024;
const piecesAhead = 4;

export type ReadInto = (offsetBytes: number, target: Uint8Array) => void;

/**
 * SHA-256 of large contents, in a thread of its own: hosts and guests are kept waiting for the reading of one piece
 * at most. One hash is made after the other. Whoever made it closes it.
 */
export class Hasher {
  #thread: HashThread | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  /** `read` fills its target. The hash is in lower-case hex. */
  sha256(sizeBytes: number, read: ReadInto): Promise<string> {
    const result = this.#tail.then(() => this.#hash(sizeBytes, read));
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.#thread?.end();
    this.#thread = undefined;
  }

  async #hash(sizeBytes: number, read: ReadInto): Promise<string> {
    this.#thread ??= new HashThread();
    const thread = this.#thread;
    try {
      let inFlight = 0;
      for (let at = 0; at < sizeBytes; at += pieceBytes) {
        if (inFlight === piecesAhead) await thread.answer();
        else inFlight += 1;
        const slot = (at / pieceBytes) % piecesAhead;
        const piece = thread.piece(slot, Math.min(pieceBytes, sizeBytes - at));
        read(at, piece);
        thread.send(slot, piece.length);
      }
      for (; inFlight > 0; inFlight--) await thread.answer();
      thread.finish();
      return String(await thread.answer());
    } catch (error) {
      // What it has of this content must not become part of the next hash.
      this.#thread = undefined;
      await thread.end();
      throw error;
    }
  }
}

class HashThread {
  /** A ring of pieces that both threads see; the thread is done with one when it has answered. */
  readonly #ring = new SharedArrayBuffer(pieceBytes * piecesAhead);
  readonly #worker = new Worker(siblingModule(import.meta.url, './hash-worker'), { workerData: this.#ring });
  readonly #answers: unknown[] = [];
  #waiting: { resolve(answer: unknown): void; reject(error: unknown): void } | undefined;

  constructor() {
    this.#worker.unref();
    this.#worker.on('message', (answer: unknown) => {
      if (!this.#waiting) this.#answers.push(answer);
      this.#waiting?.resolve(answer);
      this.#waiting = undefined;
    });
    this.#worker.on('error', (error) => this.#waiting?.reject(error));
    this.#worker.on('exit', () => this.#waiting?.reject(new Error('the thread that hashes has ended')));
  }

  piece(slot: number, lengthBytes: number): Uint8Array {
    return new Uint8Array(this.#ring, slot * pieceBytes, lengthBytes);
  }

  send(slot: number, lengthBytes: number): void {
    this.#worker.postMessage([slot * pieceBytes, lengthBytes]);
  }

  finish(): void {
    this.#worker.postMessage(null);
  }

  /** The next answer. */
  answer(): Promise<unknown> {
    if (this.#answers.length > 0) return Promise.resolve(this.#answers.shift());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
