import { ScsiDataError } from './scsi-data-error.ts';

export type Provisioning = 'mapped' | 'deallocated' | 'anchored' | 'unknown';

export interface BlockRange {
  readonly startBlock: number;
  readonly blocks: number;
  readonly provisioning: Provisioning;
}

const names: readonly Provisioning[] = ['mapped', 'deallocated', 'anchored', 'mapped', 'unknown'];

/**
 * Answer of GET LBA STATUS for blocks from `startBlock` on: ranges in order, without gaps. Throws
 * `ScsiDataError` when they are not, or when there is none.
 */
export function parseLbaStatus(bytes: Uint8Array, startBlock: number): BlockRange[] {
  if (bytes.length < 8) throw new ScsiDataError(`a block status of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const endBytes = Math.min(bytes.length, 4 + view.getUint32(0));
  const ranges: BlockRange[] = [];
  let expected = startBlock;
  for (let at = 8; at + 16 <= endBytes; at += 16) {
    const start = Number(view.getBigUint64(at));
    const blocks = view.getUint32(at + 8);
    if (ranges.length === 0 ? start > expected : start !== expected)
      throw new ScsiDataError('a block status with a gap');
    // A first range may begin before what was asked.
    const before = expected - start;
    if (blocks <= before) throw new ScsiDataError('a block status of no blocks');
    ranges.push({
      startBlock: expected,
      blocks: blocks - before,
      provisioning: names[view.getUint8(at + 12) & 0xf] ?? 'unknown',
    });
    expected = start + blocks;
  }
  if (ranges.length === 0) throw new ScsiDataError('a block status without ranges');
  return ranges;
}
