import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { writeFileDurably } from '@leeward/platform/files/durable-file';
import { systemCode } from '../backend/folder-errors.ts';
import { targetError } from './target-errors.ts';

/** Descriptors and configuration files: they are written last, so a folder with them is a complete restore. */
export class SmallFiles {
  readonly #folder: string;
  readonly #files: { readonly path: string; readonly content: Uint8Array }[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  get paths(): string[] {
    return this.#files.map((file) => file.path);
  }

  add(fileName: string, content: Uint8Array): void {
    this.#files.push({ path: join(this.#folder, fileName), content });
  }

  /** Throws `L-REP-119` when one is there already. */
  async refuseExisting(): Promise<void> {
    for (const { path } of this.#files) {
      try {
        await stat(path);
      } catch (error) {
        if (systemCode(error) === 'ENOENT') continue;
        throw targetError(error, path);
      }
      throw new LeewardError('L-REP-119', { path });
    }
  }

  async write(): Promise<void> {
    for (const { path, content } of this.#files) {
      await writeFileDurably(path, content, { mode: 0o600 }).catch((error: unknown) => {
        throw targetError(error, path);
      });
    }
  }
}
