import { LeewardError } from '@leeward/core';
import { lvm, lvmTables } from './layout.ts';
import { type LunReader, readLun } from './lun-reader.ts';
import type { Partition } from './partition-table.ts';
import { type PhysicalRun, readPhysicalRuns } from './pe-table.ts';
import { isPowerOfTwo, readU64 } from './u64.ts';
import { formatUuid } from './uuid.ts';

/** One extent of a VMFS volume: the device of the volume manager in one partition of a LUN. */
export interface LvmDevice {
  /** Position of the LUN in the list that was given. */
  readonly lun: number;
  /** Names the LUN in errors. */
  readonly name: string;
  readonly major: number;
  readonly isLocal: boolean;
  readonly deviceUuid: string;
  readonly volumeUuid: string;
  readonly snapshotId: number;
  readonly generation: number;
  readonly volumeBytes: number;
  readonly firstPe: number;
  readonly lastPe: number;
  readonly peCount: number;
  readonly deviceCount: number;
  /** In order of `logicalOffset`; `lunOffset` counts from the start of the LUN. */
  readonly runs: readonly PhysicalRun[];
}

export interface LvmPlace {
  readonly lun: number;
  readonly name: string;
  readonly reader: LunReader;
  readonly partition: Partition;
}

const maxMaps = 8;

/** Undefined when the partition holds no VMFS at all; `L-FMT-402`, `-405` or `-407` when it does and cannot be used. */
export async function readLvmDevice(place: LvmPlace, signal?: AbortSignal): Promise<LvmDevice | undefined> {
  const { reader, partition, name } = place;
  const start = partition.offsetBytes + lvm.headerOffset;
  if (start + 512 > reader.sizeBytes || lvm.headerOffset + 512 > partition.lengthBytes) return undefined;
  const header = await readLun(reader, name, start, 512, signal);
  if (header.readUInt32LE(0) !== lvm.magic) return undefined;
  const damaged = (reason: string) => new LeewardError('L-FMT-405', { lun: name, reason });
  const major = header.readUInt32LE(4);
  if (![3, 5, 6].includes(major))
    throw new LeewardError('L-FMT-402', {
      volume: name,
      version: `volume manager ${major}`,
      reason: 'unknown',
    });
  const alignment = major === 6 ? header.readUInt32LE(0xca) : 512;
  if (!isPowerOfTwo(alignment) || alignment < 512 || alignment > 65536 || (major === 6 && alignment < 4096))
    throw damaged(`its metadata alignment is ${alignment}`);
  const deviceBytes = readU64(header, 0x5e);
  if (deviceBytes > Math.min(partition.lengthBytes, reader.sizeBytes - partition.offsetBytes))
    throw new LeewardError('L-FMT-407', {
      lun: name,
      sizeBytes: reader.sizeBytes,
      neededBytes: partition.offsetBytes + deviceBytes,
    });
  const volumes = header.readUInt32LE(0x66);
  if (volumes !== 1) throw damaged(`it names ${volumes} volumes, and there is always one`);
  const tables = lvmTables(major, alignment);
  const entry = await readLun(reader, name, start + tables.volumeTable, lvm.volumeEntryBytes, signal);
  const state = entry.readUInt32LE(0x10);
  if (state !== 1)
    throw damaged(`the volume is in state ${state}: a resignature is under way or was not finished`);
  const volume = {
    volumeBytes: readU64(entry, 0x00),
    generation: readU64(entry, 0x08),
    volumeUuid: formatUuid(entry, 0x54),
    snapshotId: entry.readUInt32LE(0x64),
    peCount: entry.readUInt32LE(0x74),
    firstPe: readU64(entry, 0x78),
    lastPe: readU64(entry, 0x80),
    deviceCount: entry.readUInt32LE(0x90),
  };
  const tableEntries = header.readUInt32LE(0x6a);
  if (volume.peCount !== tableEntries)
    throw damaged(
      `${tableEntries} physical extents are said to be used, and ${volume.peCount} by the volume`,
    );
  if (volume.lastPe - volume.firstPe + 1 !== volume.peCount)
    throw damaged(`its physical extents ${volume.firstPe} to ${volume.lastPe} are not ${volume.peCount}`);
  const mapCount = header.readUInt32LE(0xbe) || 1;
  if (mapCount > maxMaps) throw damaged(`it names ${mapCount} tables of physical extents`);
  const runs = await readPhysicalRuns({
    place,
    tables,
    deviceBytes,
    dataOffset: readU64(header, 0x7a),
    mapCount,
    extendedOffset: readU64(header, 0xc2),
    expectedEntries: tableEntries,
    volumeIndex: entry.readUInt32LE(0x70),
    signal,
  });
  return {
    ...volume,
    lun: place.lun,
    name,
    major,
    isLocal: (header.readUInt32LE(0xd2) & lvm.flagLocal) !== 0 && major >= 6,
    deviceUuid: formatUuid(header, 0x82),
    runs,
  };
}
