import { sectorBytes } from '../descriptor.ts';

export const grainSectors = 128;
export const grainBytes = grainSectors * sectorBytes;
export const entriesPerTable = 512;
/** What one grain table covers: 32 MiB. */
export const tableCoverBytes = grainBytes * entriesPerTable;
/** Header, descriptor and room, before the first grain. */
export const overheadSectors = 128;
export const descriptorSectors = 20;

const directoryAtEnd = 2n ** 64n - 1n;

/** `endOfStream` is followed by nothing, the others by the sectors that they announce. */
export const markers = { endOfStream: 0, grainTable: 1, grainDirectory: 2, footer: 3 } as const;

/**
 * The header sector. Without a directory's place it is the one at the begin, which points to the footer at the
 * end; with it, it is that footer.
 */
export function streamHeader(capacityBytes: number, directorySector?: number): Buffer {
  const header = Buffer.alloc(sectorBytes);
  header.write('KDMV', 0, 'ascii');
  header.writeUInt32LE(3, 4);
  header.writeUInt32LE(0x30001, 8);
  header.writeBigUInt64LE(BigInt(capacityBytes / sectorBytes), 12);
  header.writeBigUInt64LE(BigInt(grainSectors), 20);
  header.writeBigUInt64LE(1n, 28);
  header.writeBigUInt64LE(BigInt(descriptorSectors), 36);
  header.writeUInt32LE(entriesPerTable, 44);
  header.writeBigUInt64LE(directorySector === undefined ? directoryAtEnd : BigInt(directorySector), 56);
  header.writeBigUInt64LE(BigInt(overheadSectors), 64);
  // Shows whether a transfer as text has changed line ends.
  header.write('\n \r\n', 73, 'ascii');
  header.writeUInt16LE(1, 77);
  return header;
}

/** A marker sector, followed by its data, which is padded with zeros to whole sectors. */
export function marked(type: number, data: Uint8Array): Buffer {
  const sectors = Math.ceil(data.length / sectorBytes);
  const bytes = Buffer.alloc((1 + sectors) * sectorBytes);
  bytes.writeBigUInt64LE(BigInt(sectors), 0);
  bytes.writeUInt32LE(type, 12);
  bytes.set(data, sectorBytes);
  return bytes;
}

/** A grain's sector number, its compressed size and data, padded to whole sectors. */
export function grainRecord(grain: number, compressed: Uint8Array): Buffer {
  const bytes = Buffer.alloc(Math.ceil((12 + compressed.length) / sectorBytes) * sectorBytes);
  bytes.writeBigUInt64LE(BigInt(grain * grainSectors), 0);
  bytes.writeUInt32LE(compressed.length, 8);
  bytes.set(compressed, 12);
  return bytes;
}
