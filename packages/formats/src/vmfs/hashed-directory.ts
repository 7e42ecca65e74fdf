import type { LeewardError } from '@leeward/core';
import { type DirectoryInput, entryName, type RawEntry } from './directory.ts';
import { directoryLayout } from './layout.ts';

const layout = directoryLayout;

/**
 * The directories of VMFS-6: a header, then blocks whose kind is in allocation maps. The hash table is not
 * needed to list them; the number of entries in the header tells whether all were found.
 */
export class HashedDirectory {
  readonly #input: DirectoryInput;
  readonly #damaged: (reason: string) => LeewardError;

  constructor(input: DirectoryInput, damaged: (reason: string) => LeewardError) {
    this.#input = input;
    this.#damaged = damaged;
  }

  async *entries(): AsyncGenerator<RawEntry> {
    const { content, signal, geometry } = this.#input;
    const blockBytes = geometry.alignment;
    if (content.sizeBytes < layout.headerBytes) throw this.#damaged('it is shorter than its header');
    const header = await content.read(0, layout.hashTable, signal);
    const version = header.readUInt32LE(0);
    if (version !== layout.version) throw this.#damaged(`its version is ${version.toString(16)}`);
    const maps = header.readUInt32LE(layout.mapCount);
    if (maps < 1 || maps > layout.maxMaps) throw this.#damaged(`it has ${maps} allocation maps`);
    yield entryAt(header, layout.self);
    yield entryAt(header, layout.parent);
    const blocks = Math.floor((content.sizeBytes - layout.headerBytes) / blockBytes);
    const perMap = 2 * (blockBytes - layout.blockHeaderBytes);
    const expected = header.readUInt32LE(layout.entryCount);
    let found = 2;
    for (let map = 0; map < maps; map++) {
      const place = header.readUInt32LE(layout.mapBlocks + map * 4);
      const bitmap = await this.#block(place, layout.mapBlock, blocks);
      for (let index = 0; index < perMap; index++) {
        if (!isEntryBlock(bitmap, index)) continue;
        for (const entry of this.#used(await this.#block(map * perMap + index, layout.entryBlock, blocks))) {
          found++;
          yield entry;
        }
      }
    }
    if (found !== expected) throw this.#damaged(`it counts ${expected} entries, and ${found} are there`);
  }

  async #block(index: number, type: number, blocks: number): Promise<Buffer> {
    const { content, signal, geometry } = this.#input;
    if (index >= blocks) throw this.#damaged(`its block ${index} is behind its end`);
    const bytes = await content.read(
      layout.headerBytes + index * geometry.alignment,
      geometry.alignment,
      signal,
    );
    const found = bytes.readUInt16LE(2);
    if (found !== type)
      throw this.#damaged(`its block ${index} is of type ${found}, and ${type} is expected`);
    return bytes;
  }

  *#used(block: Buffer): Generator<RawEntry> {
    const possible = Math.floor((block.length - layout.blockHeaderBytes) / layout.entryBytes);
    const slots = block.readUInt16LE(4);
    if (slots > possible) throw this.#damaged(`a block of it has ${slots} entries, and ${possible} fit`);
    for (let slot = 0; slot < slots; slot++) {
      const isFree = ((block[8 + (slot >>> 3)] ?? 0) & (1 << (slot & 7))) !== 0;
      if (!isFree) yield entryAt(block, layout.blockHeaderBytes + slot * layout.entryBytes);
    }
  }
}

/** One nibble for each block, the high one first: bits 0 and 1 are the type, 8 is "not written". */
function isEntryBlock(map: Buffer, index: number): boolean {
  const byte = map[layout.blockHeaderBytes + (index >>> 1)] ?? 0;
  const nibble = index % 2 === 0 ? byte >>> 4 : byte & 0x0f;
  return (nibble & 8) === 0 && (nibble & 3) === layout.entryBlock;
}

function entryAt(bytes: Buffer, offset: number): RawEntry {
  const name = offset + layout.nameOffset;
  return {
    type: bytes.readUInt32LE(offset),
    address: bytes.readUInt32LE(offset + 4),
    generation: bytes.readUInt32LE(offset + 8),
    name: entryName(bytes.subarray(name, name + layout.nameBytes)),
  };
}
