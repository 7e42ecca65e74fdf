import { LeewardError } from '@leeward/core';
import { sectorBytes } from '../descriptor.ts';
import { type DataFile, damaged, detailsOf, readPage, unknownForm, wideNumber } from './data-file.ts';
import { type GrainFormat, inParent, unmappedGrain, zeroGrain } from './grain-format.ts';

const constantMagicLow = 0xcafebabe;
const volatileMagicLow = 0xcafecafe;
const versionHigh = 2;
const versionLow = 1;
const grainSectors = 8;
const grainBytes = grainSectors * sectorBytes;
const tableSectors = 64;
const tableBytes = tableSectors * sectorBytes;
const entryBytes = 8;
const entriesPerTable = tableBytes / entryBytes;
/** The upper half of a directory entry in use. */
const tableMark = 0x10000000;

/** Reads the headers of an SEsparse delta. Throws `L-FMT-217`, `-218`, and `-219` when its journal is to be replayed. */
export async function openSesparse(file: DataFile, signal?: AbortSignal): Promise<GrainFormat> {
  const header = await readPage(file, 0, sectorBytes, signal);
  const [low, high] = halves(header, 0);
  if (low !== constantMagicLow || high !== 0) damaged(file, 0, 'it does not begin with the mark of SEsparse');
  const [minor, major] = halves(header, 8);
  if (major !== versionHigh || minor !== versionLow)
    unknownForm(file, `version ${major}.${minor} of SEsparse`);
  const field = (index: number, what: string): number =>
    wideNumber(header, index * 8) ?? damaged(file, index * 8, `its ${what} is out of all bounds`);
  if (field(3, 'grain size') !== grainSectors) unknownForm(file, `grains of ${field(3, '')} sectors`);
  if (field(4, 'table size') !== tableSectors) unknownForm(file, `tables of ${field(4, '')} sectors`);
  if (field(5, 'flags') !== 0) unknownForm(file, `flags ${field(5, '')}`);

  const area = (index: number, what: string) => {
    const offsetBytes = field(index, `place of ${what}`) * sectorBytes;
    const lengthBytes = field(index + 1, `size of ${what}`) * sectorBytes;
    if (offsetBytes < sectorBytes) damaged(file, index * 8, `its ${what} would lie inside its header`);
    if (!Number.isSafeInteger(offsetBytes + lengthBytes))
      damaged(file, index * 8, `its ${what} would end beyond any file`);
    return { offsetBytes, lengthBytes };
  };
  await refuseDirty(file, area(10, 'volatile header').offsetBytes, signal);

  const capacitySectors = field(2, 'capacity');
  const capacityBytes = capacitySectors * sectorBytes;
  if (capacitySectors === 0 || !Number.isSafeInteger(capacityBytes))
    damaged(file, 16, `its capacity cannot be ${capacitySectors} sectors`);
  const directoryEntries = Math.ceil(capacityBytes / (grainBytes * entriesPerTable));
  const directory = area(16, 'directory');
  if (directoryEntries * entryBytes > directory.lengthBytes)
    damaged(file, 17 * 8, `its directory is too small for ${directoryEntries} entries`);
  if (directory.offsetBytes + directoryEntries * entryBytes > file.reader.sizeBytes)
    damaged(file, 16 * 8, `the file ends at byte ${file.reader.sizeBytes}, inside its directory`);
  const tables = area(18, 'grain tables');
  const tableCount = Math.floor(tables.lengthBytes / tableBytes);
  const grains = area(24, 'grains');

  return {
    capacityBytes,
    grainBytes,
    entriesPerTable,
    entryBytes,
    directoryOffsetBytes: directory.offsetBytes,
    directoryEntries,
    table(page, at, entryAt) {
      const [number, mark] = halves(page, at);
      if (mark === 0 && number === 0) return undefined;
      if (mark !== tableMark) damaged(file, entryAt, `this is no directory entry: 0x${hex(mark, number)}`);
      const offsetBytes = tables.offsetBytes + number * tableBytes;
      if (number >= tableCount) damaged(file, entryAt, `there is no grain table ${number}`);
      return offsetBytes;
    },
    grain(page, at, entryAt) {
      const [lower, upper] = halves(page, at);
      const kind = upper >>> 28;
      if (kind === 3) {
        // The low 12 bits of the number lie above its high 48 bits.
        const number = ((upper >>> 16) & 0xfff) + ((upper & 0xffff) * 2 ** 32 + lower) * 4096;
        return grains.offsetBytes + number * grainBytes;
      }
      if (kind === 2) return zeroGrain;
      if (kind === 1) return unmappedGrain;
      if (upper !== 0 || lower !== 0)
        damaged(file, entryAt, `this is no grain table entry: 0x${hex(upper, lower)}`);
      return inParent;
    },
  };
}

async function refuseDirty(file: DataFile, offsetBytes: number, signal?: AbortSignal): Promise<void> {
  const header = await readPage(file, offsetBytes, 32, signal);
  const [low, high] = halves(header, 0);
  if (low !== volatileMagicLow || high !== 0)
    damaged(file, offsetBytes, 'its volatile header does not begin with its mark');
  const [replayLow, replayHigh] = halves(header, 24);
  if (replayLow !== 0 || replayHigh !== 0) throw new LeewardError('L-FMT-219', detailsOf(file));
}

/** The lower and the upper 32 bits of a 64-bit number. */
function halves(page: DataView, at: number): readonly [number, number] {
  return [page.getUint32(at, true), page.getUint32(at + 4, true)];
}

function hex(upper: number, lower: number): string {
  return upper.toString(16).padStart(8, '0') + lower.toString(16).padStart(8, '0');
}
