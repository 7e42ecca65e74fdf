import type { BlockRange } from '../client/lba-status.ts';

const codes = { mapped: 0, deallocated: 1, anchored: 2, unknown: 4 } as const;

/** The answer of GET LBA STATUS. */
export function encodeLbaStatus(ranges: readonly BlockRange[]): Buffer {
  const bytes = Buffer.alloc(8 + ranges.length * 16);
  bytes.writeUInt32BE(bytes.length - 4);
  for (const [index, { startBlock, blocks, provisioning }] of ranges.entries()) {
    const at = 8 + index * 16;
    bytes.writeBigUInt64BE(BigInt(startBlock), at);
    bytes.writeUInt32BE(Math.min(blocks, 0xffff_ffff), at + 8);
    bytes[at + 12] = codes[provisioning];
  }
  return bytes;
}
