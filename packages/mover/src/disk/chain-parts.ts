import type { Extent } from '@leeward/core';
import type { ChainRun, DiskChain, FileReader } from '@leeward/formats';

/**
 * A part of a disk, and what is known of it: `data` lies in a file and may be anything; `zero` was written down as
 * zeros, or given back, by a delta; `hole` lies in a file, and its file system has nothing there; `unwritten` lies in
 * a file whose file system has blocks there that it says were never written ("to be zeroed").
 */
export interface ChainPart extends Extent {
  readonly kind: 'data' | 'zero' | 'hole' | 'unwritten';
  /** Of what is `unwritten`: its file, and where it begins there. */
  readonly reader?: FileReader;
  readonly fileOffsetBytes?: number;
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
  const { reader } = file;
  const allocated = await reader.allocatedIn?.(fileOffsetBytes, lengthBytes, signal);
  if (!allocated) {
    yield { offsetBytes, lengthBytes, kind: 'data' };
    return;
  }
  const unwritten = (await reader.unwrittenIn?.(fileOffsetBytes, lengthBytes, signal)) ?? [];
  const shift = offsetBytes - fileOffsetBytes;
  let at = offsetBytes;
  for (const { extent, kind: known } of inOrder(allocated, unwritten)) {
    const from = extent.offsetBytes + shift;
    if (from > at) yield { offsetBytes: at, lengthBytes: from - at, kind: 'hole' };
    const part = { offsetBytes: from, lengthBytes: extent.lengthBytes, kind: known };
    yield known === 'data' ? part : { ...part, reader, fileOffsetBytes: extent.offsetBytes };
    at = from + extent.lengthBytes;
  }
  const end = offsetBytes + lengthBytes;
  if (end > at) yield { offsetBytes: at, lengthBytes: end - at, kind: 'hole' };
}

/** Two lists in order, without overlaps, as one. */
function* inOrder(
  data: readonly Extent[],
  unwritten: readonly Extent[],
): Generator<{ readonly extent: Extent; readonly kind: 'data' | 'unwritten' }> {
  let at = 0;
  for (const extent of data) {
    for (let next = unwritten[at]; next && next.offsetBytes < extent.offsetBytes; next = unwritten[++at])
      yield { extent: next, kind: 'unwritten' };
    yield { extent, kind: 'data' };
  }
  for (const extent of unwritten.slice(at)) yield { extent, kind: 'unwritten' };
}
