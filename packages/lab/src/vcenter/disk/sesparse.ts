import type { DatastoreFile } from '../datastore/datastore-files.ts';
import type { DeltaWriter } from './delta-writer.ts';

const sectorBytes = 512;
const grainBytes = 4096;
const grainSectors = grainBytes / sectorBytes;
const tableEntries = 4096;
const tableBytes = tableEntries * 8;
const tableSectors = tableBytes / sectorBytes;
/** In sectors. */
const volatileHeaderAt = 1;
const journalHeaderAt = 2;
const journalAt = 2048;
const journalSectors = 2048;
const directoryAt = journalAt + journalSectors;
const areaSectors = 2048;
/** The upper half of a directory entry in use. */
const tableMark = 0x1000_0000;
/** Kinds of grain, in the top four bits of an entry. */
const unmapped = 1;
const zero = 2;
const allocated = 3;

/** Where the parts of a delta lie, in sectors. */
interface Places {
  readonly tables: number;
  readonly freeBitmap: number;
  readonly backMap: number;
  readonly grains: number;
}

/**
 * Writes an SEsparse delta: grains of 4 KiB and grain tables, both handed out in the order of their first use.
 * Grains that are zeroed get no data, and keep their place when they had one. The file says that its journal is to be
 * replayed from the first write on until it is sealed, as one that a host has open. Its journal, free bitmap and back
 * map have their room but are not kept: no reader outside the hypervisor knows them.
 */
export class SesparseWriter implements DeltaWriter {
  readonly kind = 'sesparse';
  readonly grainBytes = grainBytes;
  readonly #file: DatastoreFile;
  readonly #capacityBytes: number;
  readonly #places: Places;
  /** Kind of each grain and number of its place, by table. */
  readonly #tables = new Map<number, Table>();
  #nextGrain = 0;
  #isSealed = true;
  #transaction = 1;

  private constructor(file: DatastoreFile, capacityBytes: number) {
    this.#file = file;
    this.#capacityBytes = capacityBytes;
    const tables = Math.ceil(capacityBytes / (grainBytes * tableEntries));
    const grains = Math.ceil(capacityBytes / grainBytes);
    const after = (at: number, sectors: number) => at + Math.ceil(sectors / areaSectors) * areaSectors;
    const tablesAt = after(directoryAt, Math.ceil((tables * 8) / sectorBytes));
    const freeBitmap = after(tablesAt, tables * tableSectors);
    const backMap = after(freeBitmap, Math.ceil(grains / 8 / sectorBytes));
    this.#places = {
      tables: tablesAt,
      freeBitmap,
      backMap,
      grains: after(backMap, Math.ceil((grains * 8) / sectorBytes)),
    };
  }

  static async create(file: DatastoreFile, capacityBytes: number): Promise<SesparseWriter> {
    const writer = new SesparseWriter(file, capacityBytes);
    await file.setSize(writer.#places.grains * sectorBytes);
    await file.write(0, writer.#header());
    await writer.#writeVolatile(false);
    return writer;
  }

  async write(offsetBytes: number, data: Uint8Array): Promise<void> {
    await this.#unseal();
    const first = offsetBytes / grainBytes;
    const end = first + Math.ceil(data.length / grainBytes);
    const known = this.#tables.size;
    for (let grain = first; grain < end; ) {
      const run = this.#placeRun(grain, end, (each) => isZero(pieceOf(data, each - first)));
      if (run.place !== undefined) {
        const bytes = data.subarray((grain - first) * grainBytes, (grain - first + run.count) * grainBytes);
        await this.#file.write(this.#grainOffset(run.place), padded(bytes));
      }
      grain += run.count;
    }
    for (let table = tableOf(first); table <= tableOf(end - 1); table++)
      await this.#writeTable(table, first, end);
    if (this.#tables.size === known) return;
    for (let table = tableOf(first); table <= tableOf(end - 1); table++)
      await this.#writeDirectoryEntry(table);
    await this.#writeVolatile(true);
  }

  *runs(maxBytes: number): Generator<{ readonly offsetBytes: number; readonly lengthBytes: number }> {
    for (const index of [...this.#tables.keys()].sort((a, b) => a - b)) {
      const { kinds } = this.#tables.get(index) ?? new Table(0);
      for (let entry = 0; entry < tableEntries; ) {
        if (kinds[entry] === 0) {
          entry += 1;
          continue;
        }
        const start = entry;
        const limit = Math.min(tableEntries, start + Math.max(1, Math.floor(maxBytes / grainBytes)));
        while (entry < limit && kinds[entry] !== 0) entry += 1;
        const offset = (index * tableEntries + start) * grainBytes;
        const length = Math.min((entry - start) * grainBytes, this.#capacityBytes - offset);
        yield { offsetBytes: offset, lengthBytes: length };
      }
    }
  }

  async seal(): Promise<void> {
    if (this.#isSealed) return;
    await this.#writeVolatile(false);
    this.#isSealed = true;
  }

  async #unseal(): Promise<void> {
    if (!this.#isSealed) return;
    await this.#writeVolatile(true);
    this.#isSealed = false;
  }

  /** Gives the grains from `grain` on their kinds and places, as far as they are of one kind and lie in one piece. */
  #placeRun(
    grain: number,
    end: number,
    isZeroed: (grain: number) => boolean,
  ): { readonly place: number | undefined; readonly count: number } {
    const zeroes = isZeroed(grain);
    const place = this.#place(grain, zeroes);
    let count = 1;
    while (grain + count < end && isZeroed(grain + count) === zeroes) {
      if (!zeroes && this.#placeWouldBe(grain + count) !== (place ?? 0) + count) break;
      this.#place(grain + count, zeroes);
      count += 1;
    }
    return { place, count };
  }

  #placeWouldBe(grain: number): number {
    const known = this.#tables.get(tableOf(grain))?.places[grain % tableEntries] ?? 0;
    return known === 0 ? this.#nextGrain : known - 1;
  }

  /** The number of the place where the grain's data goes; undefined for one that is zeroed. */
  #place(grain: number, zeroes: boolean): number | undefined {
    const table = this.#tables.get(tableOf(grain)) ?? new Table(this.#tables.size);
    this.#tables.set(tableOf(grain), table);
    const entry = grain % tableEntries;
    const known = table.places[entry] ?? 0;
    if (zeroes) {
      table.kinds[entry] = known === 0 ? zero : unmapped;
      return undefined;
    }
    table.kinds[entry] = allocated;
    if (known === 0) table.places[entry] = ++this.#nextGrain;
    return (table.places[entry] ?? 1) - 1;
  }

  async #writeTable(index: number, firstGrain: number, endGrain: number): Promise<void> {
    const table = this.#tables.get(index);
    if (!table) return;
    const from = Math.max(0, firstGrain - index * tableEntries);
    const to = Math.min(tableEntries, endGrain - index * tableEntries);
    const bytes = Buffer.alloc((to - from) * 8);
    for (let entry = from; entry < to; entry++) {
      const kind = table.kinds[entry] ?? 0;
      const number = kind === zero ? 0 : (table.places[entry] ?? 1) - 1;
      if (kind !== 0) writeEntry(bytes, (entry - from) * 8, kind, number);
    }
    await this.#file.write(
      (this.#places.tables + table.number * tableSectors) * sectorBytes + from * 8,
      bytes,
    );
  }

  async #writeDirectoryEntry(index: number): Promise<void> {
    const table = this.#tables.get(index);
    if (!table) return;
    const entry = Buffer.alloc(8);
    entry.writeUInt32LE(table.number, 0);
    entry.writeUInt32LE(tableMark, 4);
    await this.#file.write(directoryAt * sectorBytes + index * 8, entry);
  }

  #grainOffset(number: number): number {
    return this.#places.grains * sectorBytes + number * grainBytes;
  }

  #header(): Buffer {
    const { tables, freeBitmap, backMap, grains } = this.#places;
    const grainCount = Math.ceil(this.#capacityBytes / grainBytes);
    const areas: [number, number][] = [
      [volatileHeaderAt, 1],
      [journalHeaderAt, 1],
      [journalAt, journalSectors],
      [directoryAt, tables - directoryAt],
      [tables, freeBitmap - tables],
      [freeBitmap, backMap - freeBitmap],
      [backMap, grains - backMap],
      [grains, grainCount * grainSectors],
    ];
    const capacity = this.#capacityBytes / sectorBytes;
    const first = [0xcafebaben, 0x2_0000_0001n, BigInt(capacity), BigInt(grainSectors), BigInt(tableSectors)];
    const reserved = Array.from({ length: 5 }, () => 0n);
    return words([...first, ...reserved, ...areas.flat().map(BigInt)]);
  }

  async #writeVolatile(isOpen: boolean): Promise<void> {
    const fields = [0xcafecafe, this.#tables.size, this.#transaction++, isOpen ? 1 : 0];
    await this.#file.write(volatileHeaderAt * sectorBytes, words(fields.map(BigInt)));
  }
}

/** One grain table. A place is its number plus 1, 0 for none. */
class Table {
  readonly number: number;
  readonly kinds = new Uint8Array(tableEntries);
  readonly places = new Float64Array(tableEntries);

  constructor(number: number) {
    this.number = number;
  }
}

function tableOf(grain: number): number {
  return Math.floor(grain / tableEntries);
}

function pieceOf(data: Uint8Array, index: number): Uint8Array {
  return data.subarray(index * grainBytes, (index + 1) * grainBytes);
}

const zeros = Buffer.alloc(grainBytes);

function isZero(piece: Uint8Array): boolean {
  return zeros.compare(piece, 0, piece.length, 0, piece.length) === 0;
}

/** The last grain of a disk may be shorter than a grain of the file. */
function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % grainBytes;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(grainBytes - rest)]);
}

/** The low 12 bits of the number lie above its high 48 bits. */
function writeEntry(bytes: Buffer, at: number, kind: number, number: number): void {
  const low = number % 4096;
  const high = Math.floor(number / 4096);
  bytes.writeUInt32LE(high % 2 ** 32, at);
  bytes.writeUInt32LE(((kind << 28) | (low << 16) | Math.floor(high / 2 ** 32)) >>> 0, at + 4);
}

/** One sector of little-endian 64-bit numbers. */
function words(values: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(sectorBytes);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(value, index * 8);
  return bytes;
}
