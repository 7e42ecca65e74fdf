import { type Extent, LeewardError } from '@leeward/core';
import { type FilePlace, placeName } from '@leeward/formats';
import { CoarseAreas } from '../areas/coarse-areas.ts';
import { type ChainDisk, openChainDisk } from './chain-disk.ts';
import type { ChainSource } from './disk-source.ts';
import type { DiskTools } from './open-disk.ts';

/** More are told as fewer, coarser ones. */
const maxAreas = 1024;
const finestBytes = 65_536;

export interface StandsOn {
  /** How many deltas of the chain lie above it. */
  readonly depth: number;
  /** Name of its folder among those of the source. */
  readonly folder: string;
  readonly path: string;
}

/**
 * Where a disk may differ from one of the disks it stands on: all that the deltas above that one hold, zeros
 * included, as normal areas of whole 64 KiB or coarser. Throws `L-FMT-211` when the files say that the disk stands on
 * another one, and the errors of opening the disk.
 */
export async function deltaAreas(
  source: ChainSource,
  base: StandsOn,
  tools: DiskTools,
  signal?: AbortSignal,
): Promise<readonly Extent[]> {
  const disk = await openChainDisk(source, tools, signal);
  try {
    check(disk, base);
    const found = new CoarseAreas({ sizeBytes: disk.sizeBytes, finestBytes, maxAreas });
    for (let depth = 0; depth < base.depth; depth++)
      for await (const extent of disk.heldBy(depth, signal)) found.add(extent);
    return found.finish();
  } finally {
    await disk.close();
  }
}

function check(disk: ChainDisk, { depth, folder, path }: StandsOn): void {
  const isBase = (place: FilePlace | undefined) => place?.folder.name === folder && place.path === path;
  const { places } = disk;
  const [top] = places;
  if (top && isBase(places[depth])) return;
  const seen = places.map(placeName).join(', ');
  const reason = `it should stand on ${folder}/${path}, ${depth} below it, and the chain is ${seen}`;
  throw new LeewardError('L-FMT-211', { file: top ? placeName(top) : path, reason });
}
