import { ScsiDataError } from './scsi-data-error.ts';

export interface Capacity {
  readonly blocks: number;
  readonly blockBytes: number;
  /** Blocks may be unmapped: GET LBA STATUS can tell. */
  readonly isThin: boolean;
  /** Unmapped blocks read as zeros. */
  readonly unmappedReadsZeros: boolean;
  /** Protection information type, 0 for none. */
  readonly protectionType: number;
}

/** Answer of READ CAPACITY(16). */
export function parseCapacity16(bytes: Uint8Array): Capacity {
  if (bytes.length < 16) throw new ScsiDataError(`a capacity of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const last = view.getBigUint64(0);
  const protection = bytes[12] ?? 0;
  const thin = bytes[14] ?? 0;
  return checked(last, view.getUint32(8), {
    isThin: (thin & 0x80) !== 0,
    unmappedReadsZeros: (thin & 0x40) !== 0,
    protectionType: (protection & 1) === 0 ? 0 : ((protection >> 1) & 7) + 1,
  });
}

/** Answer of READ CAPACITY(10); throws when the device is too large for it. */
export function parseCapacity10(bytes: Uint8Array): Capacity {
  if (bytes.length < 8) throw new ScsiDataError(`a capacity of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const last = view.getUint32(0);
  if (last === 0xffff_ffff) throw new ScsiDataError('a capacity above what the command can tell');
  const plain = { isThin: false, unmappedReadsZeros: false, protectionType: 0 };
  return checked(BigInt(last), view.getUint32(4), plain);
}

function checked(last: bigint, blockBytes: number, rest: Omit<Capacity, 'blocks' | 'blockBytes'>): Capacity {
  const isPower = blockBytes >= 512 && blockBytes <= 65_536 && (blockBytes & (blockBytes - 1)) === 0;
  if (!isPower) throw new ScsiDataError(`blocks of ${blockBytes} bytes`);
  const sizeBytes = (last + 1n) * BigInt(blockBytes);
  if (sizeBytes > BigInt(Number.MAX_SAFE_INTEGER)) throw new ScsiDataError(`a size of ${sizeBytes} bytes`);
  return { blocks: Number(last + 1n), blockBytes, ...rest };
}
