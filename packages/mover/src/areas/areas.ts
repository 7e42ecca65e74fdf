import type { Extent } from '@leeward/core';

/**
 * Areas in order, merged where they touch, cut to the disk, without empty ones. Accepts them in any order and
 * overlapping, as CBT of several queries may give them. Throws RangeError for what is no area.
 */
export function normalAreas(areas: readonly Extent[], sizeBytes: number): Extent[] {
  const merged: { offsetBytes: number; lengthBytes: number }[] = [];
  for (const area of [...areas].sort((a, b) => a.offsetBytes - b.offsetBytes)) {
    const { offsetBytes, lengthBytes } = area;
    if (!Number.isSafeInteger(offsetBytes) || offsetBytes < 0 || !(lengthBytes >= 0)) {
      throw new RangeError(`no area of a disk: ${offsetBytes} + ${lengthBytes}`);
    }
    const endBytes = Math.min(sizeBytes, offsetBytes + lengthBytes);
    if (endBytes <= offsetBytes) continue;
    const last = merged.at(-1);
    if (last && offsetBytes <= last.offsetBytes + last.lengthBytes) {
      last.lengthBytes = Math.max(last.lengthBytes, endBytes - last.offsetBytes);
    } else merged.push({ offsetBytes, lengthBytes: endBytes - offsetBytes });
  }
  return merged;
}

export function areasBytes(areas: readonly Extent[]): number {
  return areas.reduce((sum, area) => sum + area.lengthBytes, 0);
}

/** The whole units (blocks, granules) that areas (normal ones) touch: in order, merged, cut to the disk. */
export function wholeUnits(areas: readonly Extent[], unitBytes: number, sizeBytes: number): Extent[] {
  return normalAreas(
    areas.map(({ offsetBytes, lengthBytes }) => {
      const from = Math.floor(offsetBytes / unitBytes) * unitBytes;
      const to = Math.ceil((offsetBytes + lengthBytes) / unitBytes) * unitBytes;
      return { offsetBytes: from, lengthBytes: to - from };
    }),
    sizeBytes,
  );
}

/** What lies in both; lists of normal areas. */
export function intersectionOf(one: readonly Extent[], other: readonly Extent[]): Extent[] {
  const common: Extent[] = [];
  for (const { offsetBytes, lengthBytes } of other) {
    const end = offsetBytes + lengthBytes;
    for (let index = firstEndingAfter(one, offsetBytes); index < one.length; index++) {
      const area = one[index] ?? { offsetBytes: 0, lengthBytes: 0 };
      if (area.offsetBytes >= end) break;
      const from = Math.max(offsetBytes, area.offsetBytes);
      const to = Math.min(end, area.offsetBytes + area.lengthBytes);
      common.push({ offsetBytes: from, lengthBytes: to - from });
    }
  }
  return common;
}

/** Sets `marks[i]` for every block of `[fromBytes, fromBytes + marks.length * blockBytes)` that an area touches. */
export function markTouched(
  areas: readonly Extent[],
  fromBytes: number,
  blockBytes: number,
  marks: Uint8Array,
): void {
  const endBytes = fromBytes + marks.length * blockBytes;
  for (let index = firstEndingAfter(areas, fromBytes); index < areas.length; index++) {
    const { offsetBytes, lengthBytes } = areas[index] ?? { offsetBytes: 0, lengthBytes: 0 };
    if (offsetBytes >= endBytes) break;
    const first = Math.max(0, Math.floor((offsetBytes - fromBytes) / blockBytes));
    const last = Math.ceil((offsetBytes + lengthBytes - fromBytes) / blockBytes);
    marks.fill(1, first, Math.min(marks.length, last));
  }
}

function firstEndingAfter(areas: readonly Extent[], bytes: number): number {
  let [low, high] = [0, areas.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const area = areas[middle];
    if (area && area.offsetBytes + area.lengthBytes > bytes) high = middle;
    else low = middle + 1;
  }
  return low;
}
