import { type Extent, LeewardError } from '@leeward/core';
import type { VmfsExtent } from './vmfs-file.ts';

/** A range that VMFS says was never written, and that change tracking says was. */
export interface SuspectRange extends Extent {
  readonly kind: 'hole' | 'zero';
}

/**
 * Compares where a file has no data with the areas that change tracking (CBT) reports as allocated or changed, in
 * bytes of the file. Each range returned may be harmless (the guest wrote zeros, or the area is coarser than
 * the blocks), or be the one dangerous state of a snapshot taken while a host was still writing: blocks whose
 * data is on the LUN and whose address is not. Such ranges MUST be read by another way before zeros are believed.
 * Both lists in order; one pass over each.
 */
export function suspectRanges(extents: readonly VmfsExtent[], areas: readonly Extent[]): SuspectRange[] {
  const suspects: SuspectRange[] = [];
  let index = 0;
  for (const area of areas) {
    const areaEnd = area.offsetBytes + area.lengthBytes;
    while (index < extents.length && endOf(extents[index]) <= area.offsetBytes) index++;
    for (let at = index; at < extents.length; at++) {
      const extent = extents[at];
      if (!extent || extent.fileOffsetBytes >= areaEnd) break;
      if (extent.kind === 'data') continue;
      const offsetBytes = Math.max(extent.fileOffsetBytes, area.offsetBytes);
      const lengthBytes = Math.min(endOf(extent), areaEnd) - offsetBytes;
      if (lengthBytes <= 0) continue;
      const last = suspects.at(-1);
      const follows = last?.kind === extent.kind && last.offsetBytes + last.lengthBytes === offsetBytes;
      if (follows) suspects[suspects.length - 1] = { ...last, lengthBytes: last.lengthBytes + lengthBytes };
      else suspects.push({ kind: extent.kind, offsetBytes, lengthBytes });
    }
  }
  return suspects;
}

/** Throws `L-FMT-431` when there is any suspect range: for callers that have no second way to read it. */
export function refuseSuspectRanges(
  file: string,
  extents: readonly VmfsExtent[],
  areas: readonly Extent[],
): void {
  const suspects = suspectRanges(extents, areas);
  const [first] = suspects;
  if (!first) return;
  throw new LeewardError('L-FMT-431', {
    file,
    ranges: suspects.length,
    totalBytes: suspects.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0),
    offset: first.offsetBytes,
  });
}

function endOf(extent: VmfsExtent | undefined): number {
  return extent ? extent.fileOffsetBytes + extent.lengthBytes : 0;
}
