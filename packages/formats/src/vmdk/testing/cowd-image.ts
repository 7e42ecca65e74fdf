import { SparseFile } from './sparse-file.ts';

const sectorBytes = 512;
const tableEntries = 4096;
const directorySector = 4;

/**
 * A COWD delta as ESXi makes it by writing: grains and tables are appended in the order of their first use, so
 * neighbours on the disk are often none in the file.
 */
export class CowdImage {
  readonly file = new SparseFile();
  readonly capacityBytes: number;
  readonly #grainSectors: number;
  #nextFree: number;

  constructor(capacityBytes: number, grainSectors = 1) {
    this.capacityBytes = capacityBytes;
    this.#grainSectors = grainSectors;
    const entries = Math.ceil(capacityBytes / (grainSectors * sectorBytes * tableEntries));
    this.#nextFree = directorySector + Math.ceil((entries * 4) / sectorBytes);
    const header = Buffer.alloc(directorySector * sectorBytes);
    header.write('COWD');
    const fields = [
      1,
      3,
      capacityBytes / sectorBytes,
      grainSectors,
      directorySector,
      entries,
      this.#nextFree,
    ];
    for (const [index, value] of fields.entries()) header.writeUInt32LE(value, 4 + 4 * index);
    this.file.write(0, header);
    this.file.truncate(this.#nextFree * sectorBytes);
  }

  get grainBytes(): number {
    return this.#grainSectors * sectorBytes;
  }

  /** Whole grains; the last one may end with the disk. */
  async write(offsetBytes: number, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += this.grainBytes) {
      const sector = await this.#grainSector(Math.floor((offsetBytes + at) / this.grainBytes));
      this.file.write(sector * sectorBytes, bytes.subarray(at, at + this.grainBytes));
    }
    const nextFree = Buffer.alloc(4);
    nextFree.writeUInt32LE(this.#nextFree);
    this.file.write(28, nextFree);
  }

  async #grainSector(grain: number): Promise<number> {
    const directoryAt = directorySector * sectorBytes + Math.floor(grain / tableEntries) * 4;
    const table = await this.#entry(directoryAt, Math.ceil((tableEntries * 4) / sectorBytes));
    return this.#entry(table * sectorBytes + (grain % tableEntries) * 4, this.#grainSectors);
  }

  /** The entry at this place; an empty one gets the next free sectors. */
  async #entry(at: number, sectors: number): Promise<number> {
    const entry = Buffer.alloc(4);
    await this.file.read(at, entry);
    if (entry.readUInt32LE() !== 0) return entry.readUInt32LE();
    const place = this.#nextFree;
    this.#nextFree += sectors;
    this.file.truncate(this.#nextFree * sectorBytes);
    entry.writeUInt32LE(place);
    this.file.write(at, entry);
    return place;
  }
}
