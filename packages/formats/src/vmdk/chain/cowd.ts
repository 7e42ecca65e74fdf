import { sectorBytes } from '../descriptor.ts';
import { type DataFile, damaged, readPage, unknownForm } from './data-file.ts';
import { type GrainFormat, inParent } from './grain-format.ts';

const headerBytes = 2048;
const magic = 0x44574f43;
const entriesPerTable = 4096;
const entryBytes = 4;
const tableBytes = entriesPerTable * entryBytes;
const maxGrainSectors = 128;

/** Reads the header of a COWD delta (`vmfsSparse`). Throws `L-FMT-217`, `-218`. */
export async function openCowd(file: DataFile, signal?: AbortSignal): Promise<GrainFormat> {
  const header = await readPage(file, 0, headerBytes, signal);
  const field = (at: number) => header.getUint32(at, true);
  if (field(0) !== magic) damaged(file, 0, 'it does not begin with "COWD"');
  if (field(4) !== 1) unknownForm(file, `version ${field(4)} of COWD`);
  const capacitySectors = field(12);
  const grainSectors = field(16);
  const directorySector = field(20);
  const directoryEntries = field(24);
  if (capacitySectors === 0) damaged(file, 12, 'its capacity is zero');
  if (grainSectors === 0 || grainSectors > maxGrainSectors || (grainSectors & (grainSectors - 1)) !== 0)
    damaged(file, 16, `a grain cannot have ${grainSectors} sectors`);
  const neededEntries = Math.ceil(capacitySectors / (grainSectors * entriesPerTable));
  if (directoryEntries < neededEntries)
    damaged(file, 24, `its directory has ${directoryEntries} of ${neededEntries} entries`);
  const directoryOffsetBytes = directorySector * sectorBytes;
  if (directoryOffsetBytes < headerBytes) damaged(file, 20, 'its directory lies inside its header');
  const directoryEnd = directoryOffsetBytes + directoryEntries * entryBytes;
  if (directoryEnd > file.reader.sizeBytes)
    damaged(file, 24, `the file ends at byte ${file.reader.sizeBytes}, inside its directory`);

  const placeOf = (sector: number, lengthBytes: number, entryAt: number, what: string): number => {
    const offsetBytes = sector * sectorBytes;
    const isInDirectory = offsetBytes < directoryEnd && offsetBytes + lengthBytes > directoryOffsetBytes;
    if (offsetBytes < headerBytes || isInDirectory)
      damaged(file, entryAt, `sector ${sector} belongs to the header and cannot hold a ${what}`);
    return offsetBytes;
  };
  return {
    capacityBytes: capacitySectors * sectorBytes,
    grainBytes: grainSectors * sectorBytes,
    entriesPerTable,
    entryBytes,
    directoryOffsetBytes,
    directoryEntries: neededEntries,
    table(directory, at, entryAt) {
      const sector = directory.getUint32(at, true);
      return sector === 0 ? undefined : placeOf(sector, tableBytes, entryAt, 'table');
    },
    grain(table, at, entryAt) {
      const sector = table.getUint32(at, true);
      return sector === 0 ? inParent : placeOf(sector, grainSectors * sectorBytes, entryAt, 'grain');
    },
  };
}
