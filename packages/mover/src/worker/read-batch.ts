import type { Disk } from '../disk/disk.ts';

/** Reads the blocks of a batch one after the other into `target`, runs of neighbours at once. Returns the bytes. */
export async function readBatch(
  disk: Disk,
  blocks: Uint32Array,
  blockBytes: number,
  target: Uint8Array,
  signal: AbortSignal,
): Promise<number> {
  const reads: Promise<void>[] = [];
  let filled = 0;
  for (let from = 0; from < blocks.length; ) {
    const first = blocks[from] ?? 0;
    let to = from + 1;
    while (to < blocks.length && blocks[to] === first + to - from) to++;
    const offsetBytes = first * blockBytes;
    const lengthBytes = Math.min((to - from) * blockBytes, disk.sizeBytes - offsetBytes);
    reads.push(disk.read(offsetBytes, target.subarray(filled, filled + lengthBytes), signal));
    filled += lengthBytes;
    from = to;
  }
  const failed = (await Promise.allSettled(reads)).find((read) => read.status === 'rejected');
  if (failed) throw failed.reason;
  return filled;
}
