import { LeewardError } from '@leeward/core';
import { type Geometry, geometryOf } from './geometry.ts';
import { fs, mebibyte } from './layout.ts';
import type { LogicalVolume } from './logical-volume.ts';
import { isPowerOfTwo, readU64 } from './u64.ts';
import { formatUuid } from './uuid.ts';

/** The header of the file system. */
export interface FsHeader {
  /** The datastore's UUID, as in its URL in vCenter. */
  readonly uuid: string;
  readonly label: string;
  /** Such as `6.82`. */
  readonly version: string;
  readonly createdMs: number;
  readonly geometry: Geometry;
  readonly descriptorGroupOffset: number;
  readonly descriptorClustersPerGroup: number;
  /** Where the descriptors of `.pb2.sf` and `.sdd.sf` are, should they not be in their usual slots. */
  readonly pb2: { readonly offset: number; readonly address: number };
  readonly sdd: { readonly offset: number; readonly address: number };
}

/** Throws `L-FMT-402` for versions that are not read and `L-FMT-406` for a damaged or foreign header. */
export async function readFsHeader(volume: LogicalVolume, signal?: AbortSignal): Promise<FsHeader> {
  const named = (name: string) => ({ volume: name });
  const unnamed = named(volume.devices.map(({ name }) => name).join(', '));
  if (volume.sizeBytes < 16 * mebibyte)
    throw new LeewardError('L-FMT-406', { ...unnamed, reason: `the volume has ${volume.sizeBytes} bytes` });
  const header = Buffer.alloc(512);
  await volume.read(fs.headerOffset, header, signal);
  const magic = header.readUInt32LE(0);
  if (magic === fs.magicLocal) {
    const reason = 'it is a volume that ESXi keeps for itself (VMFS-L)';
    throw new LeewardError('L-FMT-402', { ...unnamed, version: 'L', reason });
  }
  if (magic !== fs.magic)
    throw new LeewardError('L-FMT-406', { ...unnamed, reason: 'it has another signature' });
  const label = header.toString('utf8', 0x1d, 0x1d + 128).split('\0', 1)[0] ?? '';
  const damaged = (reason: string) => new LeewardError('L-FMT-406', { ...named(label), reason });
  const major = header.readUInt32LE(4);
  if (major !== fs.major5 && major !== fs.major6) {
    const version = major < fs.major5 ? '3 or older' : `of the unknown format ${major}`;
    throw new LeewardError('L-FMT-402', { ...named(label), version, reason: 'VMFS 5 and 6 are' });
  }
  const isSix = major === fs.major6;
  if (isSix !== volume.major >= 6)
    throw damaged(`file system format ${major} on a volume manager of version ${volume.major}`);
  if (formatUuid(header, 0xb1) !== volume.uuid || header.readUInt32LE(0xc1) !== volume.snapshotId)
    throw damaged(`it belongs to the volume ${formatUuid(header, 0xb1)}, and lies on ${volume.uuid}`);
  const input = {
    version: isSix ? (6 as const) : (5 as const),
    alignment: isSix ? header.readUInt32LE(0x134) : 512,
    fileBlockBytes: readU64(header, 0xa1),
    subBlockBytes: header.readUInt32LE(0xd9),
    largeBlockShift: isSix ? header.readUInt16LE(0x138) : 0,
    denseSubBlocks: (header.readUInt32LE(0x19) & fs.flagDenseSubBlocks) !== 0,
  };
  const between = (value: number, low: number, high: number) =>
    isPowerOfTwo(value) && value >= low && value <= high;
  if (!between(input.fileBlockBytes, mebibyte, 8 * mebibyte))
    throw damaged(`its file blocks have ${input.fileBlockBytes} bytes`);
  if (!between(input.subBlockBytes, 1024, input.fileBlockBytes))
    throw damaged(`its sub-blocks have ${input.subBlockBytes} bytes`);
  if (isSix && !between(input.alignment, 4096, 65536))
    throw damaged(`its metadata alignment is ${input.alignment}`);
  if (isSix && (input.largeBlockShift < 1 || input.largeBlockShift > 13))
    throw damaged(`its large blocks are 2^${input.largeBlockShift} file blocks`);
  if (header.readUInt32LE(0x9d) !== 512)
    throw damaged(`its disk blocks have ${header.readUInt32LE(0x9d)} bytes`);
  return {
    uuid: formatUuid(header, 0x09),
    label,
    version: `${isSix ? 6 : 5}.${header[8]}`,
    createdMs: header.readUInt32LE(0xa9) * 1000,
    geometry: geometryOf(input),
    descriptorGroupOffset: header.readUInt32LE(0xd1),
    descriptorClustersPerGroup: header.readUInt32LE(0xd5),
    pb2: { offset: readU64(header, 0xe1), address: header.readUInt32LE(0xe9) },
    sdd: { offset: readU64(header, 0x105), address: header.readUInt32LE(0x10d) },
  };
}
