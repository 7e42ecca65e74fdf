import type { LeewardError } from '@leeward/core';
import { type DirectoryInput, entryName, type RawEntry } from './directory.ts';
import { directoryLayout } from './layout.ts';

const { flatEntryBytes, flatNameOffset, flatNameBytes } = directoryLayout;
const entriesPerRead = 4096;

/** The directories of VMFS-5: an array of entries that fills the file. */
export class FlatDirectory {
  readonly #input: DirectoryInput;
  readonly #damaged: (reason: string) => LeewardError;

  constructor(input: DirectoryInput, damaged: (reason: string) => LeewardError) {
    this.#input = input;
    this.#damaged = damaged;
  }

  async *entries(): AsyncGenerator<RawEntry> {
    const { content, signal } = this.#input;
    if (content.sizeBytes % flatEntryBytes !== 0)
      throw this.#damaged(`its ${content.sizeBytes} bytes are no whole number of entries`);
    const count = content.sizeBytes / flatEntryBytes;
    for (let first = 0; first < count; first += entriesPerRead) {
      const some = Math.min(entriesPerRead, count - first);
      const bytes = await content.read(first * flatEntryBytes, some * flatEntryBytes, signal);
      for (let index = 0; index < some; index++) {
        const entry = bytes.subarray(index * flatEntryBytes, (index + 1) * flatEntryBytes);
        const parsed = flatEntry(entry);
        if (parsed.address !== 0) yield parsed;
        else if (first + index < 2) throw this.#damaged('its first two entries are not "." and ".."');
      }
    }
  }
}

function flatEntry(bytes: Buffer): RawEntry {
  return {
    type: bytes.readUInt32LE(0),
    address: bytes.readUInt32LE(4),
    generation: bytes.readUInt32LE(8),
    name: entryName(bytes.subarray(flatNameOffset, flatNameOffset + flatNameBytes)),
  };
}
