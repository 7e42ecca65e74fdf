import type { Extent } from '@leeward/core';

const mebibyte = 2 ** 20;
/** Change tracking is told to become coarser with the size of a disk; disks up to this size are tracked finely. */
const finelyTrackedBytes = 2 * 2 ** 40;
const coarsestBytes = 16 * mebibyte;

/**
 * The largest power of two of which all borders of areas are multiples: how finely change tracking tells. At most
 * 1 MiB, the block of VMFS, for disks up to 2 TiB, so that a few long areas do not make a single missing block look
 * like a part of a coarse one; for larger disks at most their size / 2 Mi, up to 16 MiB. Areas are in order; the end of
 * the disk is no border.
 */
export function granuleOf(areas: readonly Extent[], sizeBytes: number): number {
  let granule = mebibyte;
  for (let size = finelyTrackedBytes; size < sizeBytes && granule < coarsestBytes; size *= 2) granule *= 2;
  for (const { offsetBytes, lengthBytes } of areas) {
    const end = offsetBytes + lengthBytes;
    while (granule > 1 && (offsetBytes % granule !== 0 || (end !== sizeBytes && end % granule !== 0)))
      granule /= 2;
  }
  return granule;
}
