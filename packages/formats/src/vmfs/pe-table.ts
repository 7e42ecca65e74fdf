import { LeewardError } from '@leeward/core';
import { type LvmTables, lvm, mebibyte } from './layout.ts';
import { readLun } from './lun-reader.ts';
import type { LvmPlace } from './lvm-device.ts';
import { readU64 } from './u64.ts';

/** A piece of the logical volume that lies in one piece on a LUN. */
export interface PhysicalRun {
  readonly lun: number;
  readonly logicalOffset: number;
  readonly lunOffset: number;
  readonly lengthBytes: number;
}

export interface PeTableInput {
  readonly place: LvmPlace;
  readonly tables: LvmTables;
  readonly deviceBytes: number;
  readonly dataOffset: number;
  readonly mapCount: number;
  /** 0: there is no extended header. */
  readonly extendedOffset: number;
  readonly expectedEntries: number;
  readonly volumeIndex: number;
  readonly signal?: AbortSignal | undefined;
}

const maxRegions = 8;
const usualPeBytes = 256 * mebibyte;
const mapsPerRegion = 8;

/**
 * The physical extents of one device, sorted by logical offset, neighbours merged. `L-FMT-405` when they lie over
 * each other, outside the device, or are not as many as the header says.
 */
export async function readPhysicalRuns(input: PeTableInput): Promise<PhysicalRun[]> {
  const { place, expectedEntries } = input;
  const damaged = (reason: string) => new LeewardError('L-FMT-405', { lun: place.name, reason });
  const runs: PhysicalRun[] = [];
  let headerOffset: number = lvm.headerOffset;
  let mapCount = input.mapCount;
  let next = input.extendedOffset;
  let dataOffset = input.dataOffset;
  for (let region = 0; ; region++) {
    for (let map = 0; map < mapCount && runs.length < expectedEntries; map++)
      await readMap(input, { headerOffset, map, dataOffset }, runs);
    if (runs.length >= expectedEntries || next === 0) break;
    if (region >= maxRegions || next <= headerOffset) throw damaged('its extended headers do not end');
    headerOffset = next;
    if (!(headerOffset + 512 <= input.deviceBytes)) throw damaged('an extended header is outside the device');
    const at = place.partition.offsetBytes + headerOffset;
    const header = await readLun(place.reader, place.name, at, 512, input.signal);
    if (header.readUInt32LE(0) !== lvm.magic) throw damaged('an extended header has another signature');
    mapCount = header.readUInt32LE(4) || 1;
    if (mapCount > mapsPerRegion) throw damaged(`an extended header names ${mapCount} tables`);
    dataOffset = readU64(header, 8);
    next = readU64(header, 16);
  }
  if (runs.length !== expectedEntries)
    throw damaged(
      `${expectedEntries} physical extents are said to be used, and its tables have ${runs.length}`,
    );
  refuseOverlaps(runs, damaged);
  return merged(runs.toSorted((a, b) => a.logicalOffset - b.logicalOffset));
}

async function readMap(
  input: PeTableInput,
  table: { readonly headerOffset: number; readonly map: number; readonly dataOffset: number },
  runs: PhysicalRun[],
): Promise<void> {
  const { place, tables, deviceBytes, volumeIndex } = input;
  const { headerOffset, map, dataOffset } = table;
  const damaged = (reason: string) => new LeewardError('L-FMT-405', { lun: place.name, reason });
  const { offsetBytes } = place.partition;
  const at = offsetBytes + headerOffset + tables.peTable + map * tables.mapStride;
  const bytes = lvm.peEntryBytes * lvm.peEntriesPerMap;
  const entries = await readLun(place.reader, place.name, at, bytes, input.signal);
  for (let entry = 0; entry < bytes; entry += lvm.peEntryBytes) {
    if (entries[entry] === 0) continue;
    const index = runs.length;
    if (index >= input.expectedEntries)
      throw damaged(`more physical extents are used than the ${index} that its header says`);
    if (entries[entry] !== 1 || entries.readUInt32LE(entry + 5) !== volumeIndex)
      throw damaged(`the entry of physical extent ${index} is not one of this volume`);
    const physical = readU64(entries, entry + 9);
    const logicalOffset = readU64(entries, entry + 17);
    const lengthBytes = readU64(entries, entry + 25);
    const isAligned = [physical, logicalOffset, lengthBytes].every((value) => value % mebibyte === 0);
    const isRegular = lengthBytes !== usualPeBytes || (physical - dataOffset) % usualPeBytes === 0;
    if (!isAligned || !isRegular || lengthBytes === 0 || !Number.isSafeInteger(logicalOffset + lengthBytes))
      throw damaged(`physical extent ${index} has no possible place or length`);
    if (physical < dataOffset || physical + lengthBytes > deviceBytes)
      throw damaged(`physical extent ${index} is outside the data area of the device`);
    runs.push({ lun: place.lun, logicalOffset, lunOffset: offsetBytes + physical, lengthBytes });
  }
}

function refuseOverlaps(runs: readonly PhysicalRun[], damaged: (reason: string) => LeewardError): void {
  const sorted = runs.toSorted((a, b) => a.lunOffset - b.lunOffset);
  for (const [index, run] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before && before.lunOffset + before.lengthBytes > run.lunOffset)
      throw damaged(`two physical extents share bytes at ${run.lunOffset} of the LUN`);
  }
}

function merged(sorted: readonly PhysicalRun[]): PhysicalRun[] {
  const result: PhysicalRun[] = [];
  for (const run of sorted) {
    const last = result.at(-1);
    const follows =
      last &&
      last.logicalOffset + last.lengthBytes === run.logicalOffset &&
      last.lunOffset + last.lengthBytes === run.lunOffset;
    if (follows) result[result.length - 1] = { ...last, lengthBytes: last.lengthBytes + run.lengthBytes };
    else result.push(run);
  }
  return result;
}
