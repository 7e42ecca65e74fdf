import { SparseFile } from './sparse-file.ts';

const sectorBytes = 512;
const grainBytes = 4096;
const tableBytes = 32 * 1024;
const tableEntries = 4096;
/** In sectors; journal, free bitmap and back map have room but are not written. */
const volatileHeader = 1;
const journalHeader = 2;
const journal = 8;
const directory = 64;

export type SesparseMark = 'zero' | 'unmapped' | 'none';

/** An SEsparse delta; tables and grains are handed out in the order of their first use. */
export class SesparseImage {
  readonly file = new SparseFile();
  readonly capacityBytes: number;
  readonly #tablesAt: number;
  readonly #grainsAt: number;
  readonly #tables = new Map<number, number>();
  readonly #grains = new Map<number, number>();
  #nextGrain = 0;

  /** `firstGrain` is the number that the first grain gets: large ones show the rotated form of the number. */
  constructor(capacityBytes: number, firstGrain = 0) {
    this.capacityBytes = capacityBytes;
    this.#nextGrain = firstGrain;
    const tableCount = Math.ceil(capacityBytes / (grainBytes * tableEntries));
    const directorySectors = Math.ceil((tableCount * 8) / sectorBytes);
    const tables = directory + directorySectors;
    const bitmap = tables + (tableCount * tableBytes) / sectorBytes;
    const backMap = bitmap + 64;
    const grains = backMap + 64;
    const grainSectors = Math.ceil(capacityBytes / grainBytes) * (grainBytes / sectorBytes);
    this.#tablesAt = tables * sectorBytes;
    this.#grainsAt = grains * sectorBytes;
    const areas = [
      [volatileHeader, 1],
      [journalHeader, 1],
      [journal, 32],
      [directory, directorySectors],
      [tables, bitmap - tables],
      [bitmap, 64],
      [backMap, 64],
      [grains, grainSectors],
    ];
    const header = [
      0xcafebaben,
      0x200000001n,
      BigInt(capacityBytes / sectorBytes),
      8n,
      64n,
      0n,
      0n,
      0n,
      0n,
      0n,
    ];
    this.file.write(0, words([...header, ...areas.flat().map(BigInt)], sectorBytes));
    this.#volatile(0);
    this.file.truncate(this.#grainsAt);
  }

  /** Whole grains; the last one may end with the disk. */
  write(offsetBytes: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += grainBytes) {
      const grain = (offsetBytes + at) / grainBytes;
      const number = this.#grains.get(grain) ?? this.#nextGrain++;
      this.#grains.set(grain, number);
      this.#setEntry(grain, (3n << 60n) | rotated(number));
      const place = this.#grainsAt + number * grainBytes;
      this.file.write(place, bytes.subarray(at, at + grainBytes));
      this.file.truncate(Math.max(this.file.sizeBytes, place + grainBytes));
    }
  }

  /** Marks whole grains; an unmapped one keeps the number of its data. */
  mark(offsetBytes: number, lengthBytes: number, mark: SesparseMark): void {
    for (let at = offsetBytes; at < offsetBytes + lengthBytes; at += grainBytes) {
      const grain = at / grainBytes;
      if (mark === 'zero') this.#setEntry(grain, 2n << 60n);
      else if (mark === 'none') this.#setEntry(grain, 0n);
      else this.#setEntry(grain, (1n << 60n) | rotated(this.#grains.get(grain) ?? 0));
      if (mark !== 'unmapped') this.#grains.delete(grain);
    }
  }

  /** Leaves the file as it is while ESXi writes to it. */
  setDirty(): void {
    this.#volatile(1);
  }

  #setEntry(grain: number, entry: bigint): void {
    const index = Math.floor(grain / tableEntries);
    const table = this.#tables.get(index) ?? this.#tables.size;
    if (!this.#tables.has(index)) {
      this.#tables.set(index, table);
      this.file.write(directory * sectorBytes + index * 8, words([(0x10000000n << 32n) | BigInt(table)], 8));
      this.#volatile(0);
    }
    this.file.write(this.#tablesAt + table * tableBytes + (grain % tableEntries) * 8, words([entry], 8));
  }

  #volatile(replay: number): void {
    const fields = [0xcafecafen, BigInt(this.#tables.size), 1n, BigInt(replay)];
    this.file.write(volatileHeader * sectorBytes, words(fields, sectorBytes));
  }
}

function rotated(number: number): bigint {
  const wide = BigInt(number);
  return ((wide & 0xfffn) << 48n) | (wide >> 12n);
}

function words(values: readonly bigint[], lengthBytes: number): Buffer {
  const bytes = Buffer.alloc(lengthBytes);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(value, index * 8);
  return bytes;
}
