import type { Extent } from '@leeward/core';
import type { ChainRun, DiskChain } from '@leeward/formats';

/**
 * A part of a disk, and what is known of it: `data` lies in a file and may be anything; `zero` was written down as
 * zeros, or given back, by a delta; `hole` lies in a file, and its file system has nothing there.
 */
export interface ChainPart extends Extent {
  readonly kind: 'data' | 'zero' | 'hole';
}

/** So much of a disk is asked about at once: at most 64 Ki blocks of VMFS. */
const windowBytes = 64 * 2 ** 30;

/** What holds each byte of the range: in order, without gaps, memory for a window only. */
export async function* chainParts(
  chain: DiskChain,
  { offsetBytes, lengthBytes }: Extent,
  signal?: AbortSignal,
): AsyncGenerator<ChainPart> {
  const end = offsetBytes + lengthBytes;
  for (let at = offsetBytes; at < end; at += windowBytes) {
    const length = Math.min(windowBytes, end - at);
    for await (const run of chain.mapping(at, length, signal)) yield* partsOf(run, signal);
  }
}

async function* partsOf(run: ChainRun, signal?: AbortSignal): AsyncGenerator<ChainPart> {
  const { offsetBytes, lengthBytes, kind, file, fileOffsetBytes } = run;
  if (kind !== 'data' || !file || fileOffsetBytes === undefined) {
    yield { offsetBytes, lengthBytes, kind: 'zero' };
    return;
  }
  const allocated = await file.reader.allocatedIn?.(fileOffsetBytes, lengthBytes, signal);
  if (!allocated) {
    yield { offsetBytes, lengthBytes, kind: 'data' };
    return;
  }
  const shift = offsetBytes - fileOffsetBytes;
  let at = offsetBytes;
  for (const extent of allocated) {
    const from = extent.offsetBytes + shift;
    if (from > at) yield { offsetBytes: at, lengthBytes: from - at, kind: 'hole' };
    yield { offsetBytes: from, lengthBytes: extent.lengthBytes, kind: 'data' };
    at = from + extent.lengthBytes;
  }
  const end = offsetBytes + lengthBytes;
  if (end > at) yield { offsetBytes: at, lengthBytes: end - at, kind: 'hole' };
}
