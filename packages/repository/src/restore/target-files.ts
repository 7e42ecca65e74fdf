import { closeSync, openSync, writeSync } from 'node:fs';
import { targetError } from './target-errors.ts';

const maxOpenFiles = 64;

/** Files that a worker writes into; the least recently used are closed. The files exist, with their full size. */
export class TargetFiles {
  readonly #open = new Map<string, number>();

  /** Throws `L-REP-120` (full) or `L-REP-121`. */
  write(path: string, positionBytes: number, content: Uint8Array): void {
    try {
      const file = this.#fileOf(path);
      for (let done = 0; done < content.length; ) {
        done += writeSync(file, content, done, content.length - done, positionBytes + done);
      }
    } catch (error) {
      throw targetError(error, path);
    }
  }

  close(): void {
    for (const file of this.#open.values()) closeSync(file);
    this.#open.clear();
  }

  #fileOf(path: string): number {
    const known = this.#open.get(path);
    if (known !== undefined) {
      this.#open.delete(path);
      this.#open.set(path, known);
      return known;
    }
    for (const [oldest, file] of this.#open) {
      if (this.#open.size < maxOpenFiles) break;
      closeSync(file);
      this.#open.delete(oldest);
    }
    const file = openSync(path, 'r+');
    this.#open.set(path, file);
    return file;
  }
}
