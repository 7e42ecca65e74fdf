import type { FileReader, FolderReader } from '../chain/file-reader.ts';
import { SparseFile } from './sparse-file.ts';

/** A folder whose files are in memory. */
export class MemoryFolder implements FolderReader {
  readonly name: string;
  readonly files = new Map<string, SparseFile>();

  constructor(name = '') {
    this.name = name;
  }

  addText(path: string, text: string): void {
    this.files.set(path, SparseFile.of(Buffer.from(text)));
  }

  async open(path: string, signal?: AbortSignal): Promise<FileReader | undefined> {
    signal?.throwIfAborted();
    return this.files.get(path);
  }
}
