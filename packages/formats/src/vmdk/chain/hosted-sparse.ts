import { sectorBytes } from '../descriptor.ts';
import { type DataFile, damaged, readPage, unknownForm, wideNumber } from './data-file.ts';
import { type GrainFormat, inParent, zeroGrain } from './grain-format.ts';

const magic = 0x564d444b;
const entryBytes = 4;
const entriesPerTable = 512;
const maxGrainSectors = 2048;
const compressedFlag = 0x10000;
const zeroGrainFlag = 0x4;

/** Reads the header of a sparse extent of hosted products (KDMV, not compressed). Throws `L-FMT-217`, `-218`. */
export async function openHostedSparse(file: DataFile, signal?: AbortSignal): Promise<GrainFormat> {
  const header = await readPage(file, 0, sectorBytes, signal);
  if (header.getUint32(0, true) !== magic) damaged(file, 0, 'it does not begin with "KDMV"');
  const version = header.getUint32(4, true);
  if (version < 1 || version > 3) unknownForm(file, `version ${version} of hosted sparse`);
  const flags = header.getUint32(8, true);
  if ((flags & compressedFlag) !== 0) unknownForm(file, 'a compressed disk');
  const field = (at: number, what: string): number =>
    wideNumber(header, at) ?? damaged(file, at, `its ${what} is out of all bounds`);
  const capacitySectors = field(12, 'capacity');
  const capacityBytes = capacitySectors * sectorBytes;
  if (capacitySectors === 0 || !Number.isSafeInteger(capacityBytes))
    damaged(file, 12, `its capacity cannot be ${capacitySectors} sectors`);
  const grainSectors = field(20, 'grain size');
  if (grainSectors < 1 || grainSectors > maxGrainSectors || (grainSectors & (grainSectors - 1)) !== 0)
    damaged(file, 20, `a grain cannot have ${grainSectors} sectors`);
  if (header.getUint32(44, true) !== entriesPerTable)
    unknownForm(file, `tables of ${header.getUint32(44, true)} entries`);
  const directoryOffsetBytes = field(56, 'directory') * sectorBytes;
  const directoryEntries = Math.ceil(capacitySectors / (grainSectors * entriesPerTable));
  const isInside = directoryOffsetBytes + directoryEntries * entryBytes <= file.reader.sizeBytes;
  if (directoryOffsetBytes < sectorBytes || !isInside)
    damaged(file, 56, 'its directory does not lie inside the file');
  const hasZeroGrains = (flags & zeroGrainFlag) !== 0;
  const placeOf = (sector: number, entryAt: number): number =>
    sector === 1 ? damaged(file, entryAt, 'sector 1 cannot hold a grain or a table') : sector * sectorBytes;
  return {
    capacityBytes,
    grainBytes: grainSectors * sectorBytes,
    entriesPerTable,
    entryBytes,
    directoryOffsetBytes,
    directoryEntries,
    table(directory, at, entryAt) {
      const sector = directory.getUint32(at, true);
      return sector === 0 ? undefined : placeOf(sector, entryAt);
    },
    grain(table, at, entryAt) {
      const sector = table.getUint32(at, true);
      if (sector === 0) return inParent;
      return sector === 1 && hasZeroGrains ? zeroGrain : placeOf(sector, entryAt);
    },
  };
}
