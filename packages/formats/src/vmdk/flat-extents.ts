import { LeewardError } from '@leeward/core';
import { type ExtentLine, noParentCid, sectorBytes, type VmdkDescriptor } from './descriptor.ts';
import { isPlainPath } from './extent-path.ts';

/** A run of the disk, in a file beside the descriptor. Runs follow each other without gaps. */
export interface FlatExtent {
  /** Relative to the descriptor's folder; a plain path that never leaves it. */
  readonly fileName: string;
  /** Where the run begins inside the file. */
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

export interface FlatDisk {
  readonly capacityBytes: number;
  readonly extents: readonly FlatExtent[];
}

export interface FlatOptions {
  /** Names the descriptor in errors. */
  readonly file: string;
  /** The capacity that the inventory shows; when given, the extents must make up exactly that. */
  readonly capacityBytes?: number;
}

const flatTypes = new Set(['vmfs', 'vmfsthin', 'vmfspreallocated', 'vmfseagerzeroedthick']);
const hostedFlatTypes = new Set(['monolithicflat', 'twogbmaxextentflat']);
const deltaTypes = /^(vmfssparse|sesparse)$/i;
const deviceTypes =
  /^(vmfsrdm|vmfsraw|vmfsrawdevicemap|vmfspassthroughrawdevicemap|fulldevice|partitioneddevice)$/i;
const sparseTypes = /^(sparse|monolithicsparse|twogbmaxextentsparse|streamoptimized)$/i;

/**
 * Where the content of a base disk lies, in disk order. Refuses with a catalogue error what is not a base disk
 * of plain extents: `L-FMT-201` delta, `-202` raw device mapping, `-203` hosted sparse, `-204` native snapshot,
 * `-205` unknown type, `-206` extents that do not add up, `-207` path out of the folder, `-208` other extents.
 */
export function flatExtents(descriptor: VmdkDescriptor, options: FlatOptions): FlatDisk {
  const { file } = options;
  refuseOtherDisks(descriptor, file);
  const extents = descriptor.extents.map((line) => flatExtent(line, file));
  const capacityBytes = extents.reduce((sum, extent) => sum + extent.lengthBytes, 0);
  const wrong = (reason: string): never => {
    throw new LeewardError('L-FMT-206', { file, reason });
  };
  if (extents.length === 0) wrong('there is no extent');
  if (extents.some((extent) => extent.lengthBytes === 0)) wrong('an extent has no sectors');
  if (!Number.isSafeInteger(capacityBytes)) wrong('together they are larger than any disk');
  const expected = options.capacityBytes;
  if (expected !== undefined && expected !== capacityBytes)
    wrong(`together they have ${capacityBytes} bytes, and the disk has ${expected}`);
  const shared = overlap(extents);
  if (shared) wrong(`two of them share bytes of "${shared}"`);
  return { capacityBytes, extents };
}

/** Throws `L-FMT-209` when the data file is too short for its extent. */
export function checkExtentFile(extent: FlatExtent, sizeBytes: number, file: string): void {
  const neededBytes = extent.offsetBytes + extent.lengthBytes;
  if (sizeBytes < neededBytes)
    throw new LeewardError('L-FMT-209', { file, extentFile: extent.fileName, sizeBytes, neededBytes });
}

function refuseOtherDisks(descriptor: VmdkDescriptor, file: string): void {
  const { createType, parentCid, parentFileNameHint } = descriptor;
  if (descriptor.nativeSnapshot) throw new LeewardError('L-FMT-204', { file });
  if (deltaTypes.test(createType))
    throw new LeewardError('L-FMT-201', { file, reason: `type ${createType}` });
  const isFlat = flatTypes.has(createType.toLowerCase()) || hostedFlatTypes.has(createType.toLowerCase());
  if (!isFlat && !deviceTypes.test(createType) && !sparseTypes.test(createType))
    throw new LeewardError('L-FMT-205', { file, createType });
  if (parentCid !== noParentCid || parentFileNameHint !== undefined) {
    const reason = `its parent is ${parentFileNameHint ?? `the disk with the content id ${parentCid}`}`;
    throw new LeewardError('L-FMT-201', { file, reason });
  }
  if (deviceTypes.test(createType))
    throw new LeewardError('L-FMT-202', { file, reason: `type ${createType}` });
  if (sparseTypes.test(createType))
    throw new LeewardError('L-FMT-203', { file, reason: `type ${createType}` });
}

function flatExtent(line: ExtentLine, file: string): FlatExtent {
  const { type, access, fileName, sectors, offsetSectors = 0 } = line;
  const reason = `an extent of type ${type}`;
  if (deltaTypes.test(type)) throw new LeewardError('L-FMT-201', { file, reason });
  if (deviceTypes.test(type)) throw new LeewardError('L-FMT-202', { file, reason });
  if (sparseTypes.test(type)) throw new LeewardError('L-FMT-203', { file, reason });
  if (type !== 'VMFS' && type !== 'FLAT') throw new LeewardError('L-FMT-208', { file, reason });
  if (access === 'NOACCESS')
    throw new LeewardError('L-FMT-208', { file, reason: `${reason} without access` });
  if (fileName === undefined)
    throw new LeewardError('L-FMT-208', { file, reason: `${reason} without a file` });
  if (!isPlainPath(fileName)) throw new LeewardError('L-FMT-207', { file, extentFile: fileName });
  const extent = {
    fileName,
    offsetBytes: offsetSectors * sectorBytes,
    lengthBytes: sectors * sectorBytes,
  };
  if (!Number.isSafeInteger(extent.offsetBytes + extent.lengthBytes))
    throw new LeewardError('L-FMT-206', { file, reason: 'one of them ends beyond any file' });
  return extent;
}

/** The name of a file of which two extents share bytes. */
function overlap(extents: readonly FlatExtent[]): string | undefined {
  const sorted = extents.toSorted((a, b) =>
    a.fileName === b.fileName ? a.offsetBytes - b.offsetBytes : a.fileName < b.fileName ? -1 : 1,
  );
  return sorted.find((extent, at) => {
    const next = sorted[at + 1];
    return next?.fileName === extent.fileName && next.offsetBytes < extent.offsetBytes + extent.lengthBytes;
  })?.fileName;
}
