import type { DatastoreFile } from '../datastore/datastore-files.ts';
import type { DeltaWriter } from './delta-writer.ts';

const sectorBytes = 512;
const headerSectors = 4;
const tableEntries = 4096;
const tableSectors = (tableEntries * 4) / sectorBytes;

/**
 * Writes a COWD delta (`vmfsSparse`): grains of one sector, appended in the order of their first write. Keeps
 * directory and tables in memory and never reads the file. Calls must not overlap.
 */
export class CowdWriter implements DeltaWriter {
  readonly kind = 'cowd';
  readonly grainBytes = sectorBytes;
  readonly #file: DatastoreFile;
  readonly #capacitySectors: number;
  readonly #tables: (Uint32Array | undefined)[];
  readonly #tableSector: number[] = [];
  #nextFree: number;

  private constructor(file: DatastoreFile, capacityBytes: number) {
    this.#file = file;
    this.#capacitySectors = capacityBytes / sectorBytes;
    const directoryEntries = Math.ceil(this.#capacitySectors / tableEntries);
    this.#tables = new Array<Uint32Array | undefined>(directoryEntries).fill(undefined);
    this.#nextFree = headerSectors + Math.ceil((directoryEntries * 4) / sectorBytes);
  }

  static async create(file: DatastoreFile, capacityBytes: number): Promise<CowdWriter> {
    const writer = new CowdWriter(file, capacityBytes);
    await file.setSize(writer.#nextFree * sectorBytes);
    await file.write(0, writer.#header());
    return writer;
  }

  /** Offset and length are multiples of 512. */
  async write(offsetBytes: number, data: Uint8Array): Promise<void> {
    const first = offsetBytes / sectorBytes;
    const end = first + data.length / sectorBytes;
    const touched = new Set<number>();
    const known = this.#tables.map((table) => table !== undefined);
    const pieces: Promise<void>[] = [];
    for (let grain = first; grain < end; ) {
      const { target, count, isNew } = this.#place(grain, end);
      const from = (grain - first) * sectorBytes;
      const piece = data.subarray(from, from + count * sectorBytes);
      pieces.push(this.#file.write(target * sectorBytes, piece));
      if (isNew) touched.add(Math.floor(grain / tableEntries));
      grain += count;
    }
    await Promise.all(pieces);
    if (touched.size === 0) return;
    await Promise.all([...touched].map((index) => this.#writeTable(index, first, end)));
    const newTables = [...touched].filter((index) => !known[index]);
    await Promise.all(newTables.map((index) => this.#writeDirectoryEntry(index)));
    await this.#file.write(0, this.#header());
  }

  /** Runs of grains that the delta holds, in rising order, each at most `maxBytes` long. */
  *runs(maxBytes: number): Generator<{ readonly offsetBytes: number; readonly lengthBytes: number }> {
    for (const [index, table] of this.#tables.entries()) {
      if (!table) continue;
      for (let entry = 0; entry < tableEntries; ) {
        if (table[entry] === 0) {
          entry += 1;
          continue;
        }
        const start = entry;
        const limit = Math.min(tableEntries, start + maxBytes / sectorBytes);
        while (entry < limit && table[entry] !== 0) entry += 1;
        yield {
          offsetBytes: (index * tableEntries + start) * sectorBytes,
          lengthBytes: (entry - start) * sectorBytes,
        };
      }
    }
  }

  /** The form has no mark of use that readers look at. */
  async seal(): Promise<void> {}

  get sizeBytes(): number {
    return this.#nextFree * sectorBytes;
  }

  /** Where the run that begins at `grain` goes: in place where allocated, else to the end of the file. */
  #place(grain: number, end: number): { target: number; count: number; isNew: boolean } {
    const index = Math.floor(grain / tableEntries);
    const table = this.#tables[index] ?? this.#addTable(index);
    const start = grain % tableEntries;
    const limit = Math.min(tableEntries, start + end - grain);
    const known = table[start] ?? 0;
    let entry = start + 1;
    if (known !== 0) {
      while (entry < limit && table[entry] === known + entry - start) entry += 1;
      return { target: known, count: entry - start, isNew: false };
    }
    while (entry < limit && table[entry] === 0) entry += 1;
    const count = entry - start;
    const target = this.#nextFree;
    for (let each = 0; each < count; each++) table[start + each] = target + each;
    this.#nextFree += count;
    return { target, count, isNew: true };
  }

  #addTable(index: number): Uint32Array {
    const table = new Uint32Array(tableEntries);
    this.#tables[index] = table;
    this.#tableSector[index] = this.#nextFree;
    this.#nextFree += tableSectors;
    return table;
  }

  /** Writes the entries of one table that lie in the range. */
  async #writeTable(index: number, firstGrain: number, endGrain: number): Promise<void> {
    const table = this.#tables[index];
    const sector = this.#tableSector[index];
    if (!table || sector === undefined) return;
    const base = index * tableEntries;
    const from = Math.max(0, firstGrain - base);
    const to = Math.min(tableEntries, endGrain - base);
    const entries = Buffer.alloc((to - from) * 4);
    for (let entry = from; entry < to; entry++) entries.writeUInt32LE(table[entry] ?? 0, (entry - from) * 4);
    await this.#file.write(sector * sectorBytes + from * 4, entries);
  }

  #writeDirectoryEntry(index: number): Promise<void> {
    const place = Buffer.alloc(4);
    place.writeUInt32LE(this.#tableSector[index] ?? 0);
    return this.#file.write(headerSectors * sectorBytes + index * 4, place);
  }

  #header(): Buffer {
    const header = Buffer.alloc(headerSectors * sectorBytes);
    header.write('COWD', 0, 'ascii');
    const fields = [1, 3, this.#capacitySectors, 1, headerSectors, this.#tables.length, this.#nextFree];
    for (const [at, value] of fields.entries()) header.writeUInt32LE(value, 4 + at * 4);
    return header;
  }
}
