import { unlessAborted } from './http-abort.ts';

/** Reads exactly that range. */
export type ReadWindow = (offsetBytes: number, target: Uint8Array) => Promise<void>;

const windowBytes = 2 ** 20;
const maxWindows = 8;

/**
 * Small reads of files over HTTPS: the tables of a delta, and grains scattered in it. A request costs as much time as
 * some hundred KiB, so a whole window is read for each, and the last few are kept. Content MUST NOT change. At most
 * 8 MiB for all files of a datastore.
 */
export class HttpWindows {
  readonly #windows = new Map<string, Promise<Uint8Array>>();

  /** Fills the target; `file` tells files apart, `read` reads of this one. */
  async read(
    file: { readonly key: string; readonly sizeBytes: number; readonly read: ReadWindow },
    offsetBytes: number,
    target: Uint8Array,
    signal?: AbortSignal,
  ): Promise<void> {
    const end = offsetBytes + target.length;
    for (let at = offsetBytes; at < end; ) {
      const start = at - (at % windowBytes);
      const bytes = await unlessAborted(this.#window(file, start), signal);
      const part = bytes.subarray(at - start, Math.min(end - start, windowBytes));
      target.set(part, at - offsetBytes);
      at += part.length;
    }
  }

  #window(
    file: { readonly key: string; readonly sizeBytes: number; readonly read: ReadWindow },
    start: number,
  ): Promise<Uint8Array> {
    const key = `${start} ${file.key}`;
    const known = this.#windows.get(key);
    this.#windows.delete(key);
    const window = known ?? this.#load(key, file, start);
    this.#windows.set(key, window);
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > maxWindows && oldest !== undefined) this.#windows.delete(oldest);
    return window;
  }

  /** Without the signal of who asks first: others may wait for the same window. */
  async #load(
    key: string,
    file: { readonly sizeBytes: number; readonly read: ReadWindow },
    start: number,
  ): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.min(windowBytes, file.sizeBytes - start));
    try {
      await file.read(start, bytes);
      return bytes;
    } catch (error) {
      this.#windows.delete(key);
      throw error;
    }
  }
}
