import type { Extent } from '@leeward/core';

/**
 * What happens beyond the bound. `join`: areas with small gaps between them become one, which only adds bytes that
 * did not change; nothing that changed is lost. `leave-out`: the smallest areas go, so that nothing is listed that the
 * host did not list; for areas that are evidence and not work.
 */
export type BeyondBound = 'join' | 'leave-out';

/** Collects areas with bounded memory: at most `maxExtents` separate ones. */
export class AreaList {
  readonly #sizeBytes: number;
  readonly #maxExtents: number;
  readonly #beyond: BeyondBound;
  #extents: Extent[] = [];
  #joinedGapBytes = 32 * 1024;

  constructor(sizeBytes: number, beyond: BeyondBound = 'join', maxExtents = 1_000_000) {
    this.#sizeBytes = sizeBytes;
    this.#beyond = beyond;
    this.#maxExtents = maxExtents;
  }

  /** Areas in any order, overlapping or not; what lies beyond the disk is cut off. */
  add(areas: Iterable<Extent>): void {
    for (const { offsetBytes, lengthBytes } of areas) {
      const endBytes = Math.min(offsetBytes + lengthBytes, this.#sizeBytes);
      if (endBytes > offsetBytes) this.#extents.push({ offsetBytes, lengthBytes: endBytes - offsetBytes });
    }
    if (this.#extents.length > this.#maxExtents) this.#shrink();
  }

  /** Sorted, without overlaps, neighbours merged. */
  result(): Extent[] {
    return mergeExtents(this.#extents);
  }

  #shrink(): void {
    this.#extents = mergeExtents(this.#extents);
    if (this.#beyond === 'leave-out') {
      this.#extents.sort((a, b) => b.lengthBytes - a.lengthBytes);
      this.#extents.length = Math.min(this.#extents.length, Math.floor(this.#maxExtents / 2));
      return;
    }
    while (this.#extents.length > this.#maxExtents / 2) {
      this.#joinedGapBytes *= 2;
      this.#extents = mergeExtents(this.#extents, this.#joinedGapBytes);
    }
  }
}

/** Sorts and merges; gaps of up to `gapBytes` are swallowed. */
export function mergeExtents(extents: readonly Extent[], gapBytes = 0): Extent[] {
  const sorted = extents.toSorted((a, b) => a.offsetBytes - b.offsetBytes);
  const merged: { offsetBytes: number; lengthBytes: number }[] = [];
  for (const { offsetBytes, lengthBytes } of sorted) {
    const last = merged.at(-1);
    const lastEnd = last ? last.offsetBytes + last.lengthBytes : Number.NEGATIVE_INFINITY;
    if (last && offsetBytes <= lastEnd + gapBytes)
      last.lengthBytes = Math.max(lastEnd, offsetBytes + lengthBytes) - last.offsetBytes;
    else merged.push({ offsetBytes, lengthBytes });
  }
  return merged;
}

/**
 * Changed areas of a disk that grew since its last point: what the query says about the old part, and all of the
 * new part. A disk that did not grow keeps its areas; one that shrank cannot be (vSphere cannot do it).
 */
export function withGrowth(areas: readonly Extent[], oldSizeBytes: number, newSizeBytes: number): Extent[] {
  const list = new AreaList(newSizeBytes);
  list.add(areas);
  if (newSizeBytes > oldSizeBytes)
    list.add([{ offsetBytes: oldSizeBytes, lengthBytes: newSizeBytes - oldSizeBytes }]);
  return list.result();
}
