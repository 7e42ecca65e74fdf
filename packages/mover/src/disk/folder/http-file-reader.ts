import type { FileReader } from '@leeward/formats';
import type { FileStamp } from './http-answer.ts';
import type { HttpFiles } from './http-files.ts';
import type { HttpWindows } from './http-windows.ts';

/** Asked for at once: large enough that the way to the host does not count, small enough to go on well after a break. */
const pieceBytes = 4 * 2 ** 20;
/** Below that a read is one of tables or of single grains. */
const smallBytes = 128 * 1024;

/** A frozen file of a datastore over HTTPS. */
export class HttpFileReader implements FileReader {
  readonly #files: HttpFiles;
  readonly #windows: HttpWindows;
  readonly #path: string;
  readonly #stamp: FileStamp;

  constructor(files: HttpFiles, windows: HttpWindows, path: string, stamp: FileStamp) {
    this.#files = files;
    this.#windows = windows;
    this.#path = path;
    this.#stamp = stamp;
  }

  get sizeBytes(): number {
    return this.#stamp.sizeBytes;
  }

  /**
   * Fills the whole target; the range MUST be within the file. The first failure stops the other requests; nothing
   * writes to the target once it has thrown.
   */
  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    const end = offsetBytes + target.length;
    if (!(offsetBytes >= 0) || !(end <= this.sizeBytes))
      throw new RangeError(`bytes ${offsetBytes} to ${end} of a file of ${this.sizeBytes}`);
    signal?.throwIfAborted();
    if (target.length === 0) return;
    if (target.length <= smallBytes) return this.#readSmall(offsetBytes, target, signal);
    if (target.length <= pieceBytes) return this.#range(offsetBytes, target, signal);
    const stop = new AbortController();
    const ending = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const pieces: Promise<void>[] = [];
    for (let at = 0; at < target.length; at += pieceBytes) {
      const piece = this.#range(offsetBytes + at, target.subarray(at, at + pieceBytes), ending);
      pieces.push(piece.catch((error: unknown) => stop.abort(error)));
    }
    await Promise.all(pieces);
    if (stop.signal.aborted) throw stop.signal.reason;
  }

  #readSmall(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    const file = {
      key: this.#path,
      sizeBytes: this.sizeBytes,
      read: (at: number, window: Uint8Array) => this.#range(at, window),
    };
    return this.#windows.read(file, offsetBytes, target, signal);
  }

  #range(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    return this.#files.readRange(this.#path, this.#stamp, offsetBytes, target, signal);
  }
}
