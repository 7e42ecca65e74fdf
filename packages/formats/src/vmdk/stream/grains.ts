import { LeewardError } from '@leeward/core';
import { grainBytes } from './stream-layout.ts';

/** A part of a disk. Its bytes belong to the caller again when the next block is asked for. */
export interface StreamBlock {
  readonly offsetBytes: number;
  readonly bytes: Uint8Array;
}

export interface Grain {
  readonly number: number;
  /** Only the last grain of a disk is shorter than a whole one. */
  readonly bytes: Uint8Array;
}

/**
 * Blocks in rising order, of any length and with gaps of zeros between them, as grains that hold other than
 * zeros. Throws `L-FMT-302` for a block that is not in order or not in the disk.
 */
export async function* grainsOf(
  blocks: AsyncIterable<StreamBlock> | Iterable<StreamBlock>,
  capacityBytes: number,
): AsyncGenerator<Grain> {
  let grain: { number: number; bytes: Buffer } | undefined;
  let doneBytes = 0;
  for await (const { offsetBytes, bytes } of blocks) {
    const endBytes = offsetBytes + bytes.length;
    if (!Number.isSafeInteger(offsetBytes) || offsetBytes < doneBytes)
      refuse(`data at byte ${offsetBytes} comes after data up to byte ${doneBytes}`);
    if (endBytes > capacityBytes) refuse(`data up to byte ${endBytes} of a disk of ${capacityBytes} bytes`);
    doneBytes = endBytes;
    for (let at = offsetBytes; at < endBytes; ) {
      const number = Math.floor(at / grainBytes);
      if (grain && grain.number !== number) {
        if (!isZero(grain.bytes)) yield grain;
        grain = undefined;
      }
      grain ??= { number, bytes: Buffer.alloc(Math.min(grainBytes, capacityBytes - number * grainBytes)) };
      const length = Math.min((number + 1) * grainBytes, endBytes) - at;
      const from = at - offsetBytes;
      grain.bytes.set(bytes.subarray(from, from + length), at - number * grainBytes);
      at += length;
    }
  }
  if (grain && !isZero(grain.bytes)) yield grain;
}

const zeros = Buffer.alloc(grainBytes);

function isZero(bytes: Buffer): boolean {
  return bytes.equals(zeros.subarray(0, bytes.length));
}

function refuse(reason: string): never {
  throw new LeewardError('L-FMT-302', { reason });
}
