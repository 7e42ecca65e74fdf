import { type Extent, LeewardError } from '@leeward/core';
import { intersectionOf } from '../areas/areas.ts';
import type { ChainPart } from './chain-parts.ts';

const coarsestBytes = 16 * 2 ** 20;

/**
 * The largest power of two, at most 16 MiB, of which all borders of areas are multiples: how finely change tracking
 * tells. Areas are in order; the end of the disk is no border.
 */
export function granuleOf(areas: readonly Extent[], sizeBytes: number): number {
  let granule = coarsestBytes;
  for (const { offsetBytes, lengthBytes } of areas) {
    const end = offsetBytes + lengthBytes;
    while (granule > 1 && (offsetBytes % granule !== 0 || (end !== sizeBytes && end % granule !== 0)))
      granule /= 2;
  }
  return granule;
}

/**
 * Looks for places that a host reports as written (`allocatedAreas`, the answer to the change id `*`) and that the
 * file system in the storage snapshot has nothing for. In a snapshot taken while the host was about to write down
 * where new data lies, such a place reads as zeros though the data is on the LUN: the one damage of a storage snapshot
 * that nothing else shows.
 *
 * It tells: a whole granule (as finely as the areas are) of the disk was written, and no layer of the chain has
 * anything in it. It does not count
 * - a granule of which a part is there: the guest wrote that part, the area is only coarser than the blocks;
 * - what a delta marks as zeros or as given back;
 * - anything when the host reports the whole disk as one area, which it does where it does not know (NFS).
 *
 * It cannot tell data that is missing from zeros that the guest wrote where the host keeps no block for them, nor, if a
 * host goes on reporting what the guest gave back (TRIM, UNMAP), from that; areas since a change id always contain
 * the latter, so they are no use here. So a finding is a doubt, not a proof: the disk has to be read another way.
 * Nor does it see stale data in blocks that exist: there the counters of the file's descriptor are the check.
 */
export class HoleCheck {
  readonly #areas: readonly Extent[];
  readonly #granuleBytes: number;
  readonly #sizeBytes: number;
  #from = 0;
  #to = 0;
  #ranges = 0;
  #totalBytes = 0;
  #firstBytes = 0;

  /** `areas` are normal ones (`normalAreas`). */
  constructor(areas: readonly Extent[], sizeBytes: number) {
    const [first] = areas;
    const saysNothing = first?.offsetBytes === 0 && first.lengthBytes === sizeBytes;
    this.#areas = saysNothing ? [] : areas;
    this.#granuleBytes = granuleOf(this.#areas, sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  /** Parts come in order. */
  add({ kind, offsetBytes, lengthBytes }: ChainPart): void {
    if (kind !== 'hole') return;
    for (const part of intersectionOf(this.#areas, [{ offsetBytes, lengthBytes }])) {
      if (part.offsetBytes !== this.#to) this.#judge();
      if (this.#from === this.#to) this.#from = part.offsetBytes;
      this.#to = part.offsetBytes + part.lengthBytes;
    }
  }

  /** Throws `L-FMT-431` when there is any doubt. */
  finish(file: string): void {
    this.#judge();
    if (this.#ranges === 0) return;
    const details = { file, ranges: this.#ranges, totalBytes: this.#totalBytes, offset: this.#firstBytes };
    throw new LeewardError('L-FMT-431', details);
  }

  /** Counts the granules that lie wholly in the range that ends here. */
  #judge(): void {
    const granule = this.#granuleBytes;
    const from = Math.ceil(this.#from / granule) * granule;
    const to = this.#to === this.#sizeBytes ? this.#to : Math.floor(this.#to / granule) * granule;
    this.#from = this.#to;
    if (to <= from) return;
    if (this.#ranges === 0) this.#firstBytes = from;
    this.#ranges++;
    this.#totalBytes += to - from;
  }
}
