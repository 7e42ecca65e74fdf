import { type Extent, LeewardError } from '@leeward/core';
import { areasBytes, intersectionOf } from '../areas/areas.ts';
import type { ChainPart } from './chain-parts.ts';
import { granuleOf } from './granule.ts';

/** What change tracking says of a disk: normal areas. */
export interface Witness {
  /** All that is allocated, the answer to the change id `*`. */
  readonly allocated: readonly Extent[];
  /** What was written or given back since the last point; absent where there is none to compare with. */
  readonly changed?: readonly Extent[] | undefined;
}

/** Reads what lies in blocks that are marked as never written. */
export type ReadUnwritten = (offsetBytes: number, target: Uint8Array) => Promise<void>;

/** Between two calls of `#judge`, and of what is left to look at. More is not looked at, and told as such. */
const maxPieces = 4096;
const maxClaims = 50_000;
const readBytes = 2 ** 20;
const vmfsBlockBytes = 2 ** 20;
const zeros = Buffer.alloc(readBytes);

interface Piece extends Extent {
  readonly kind: 'hole' | 'unwritten';
}

/**
 * Looks for places that a host reports as allocated (the answer to the change id `*`) and that the file system in the
 * storage snapshot has nothing for. In a storage snapshot that was taken while the host was about to write down where
 * new data lies, or that a block is written now, such a place reads as zeros though the data is on the LUN: the one
 * damage of a storage snapshot that nothing else shows.
 *
 * A **hole** (no address at all) is in doubt when a whole granule (as finely as the areas are) of the disk is allocated
 * to the host, and no layer of the chain has anything in it. It makes no difference whether the disk is read by changes
 * or in full: what the guest gave back (TRIM, UNMAP) is among the changed areas, and not among the allocated ones, so it
 * is zeros.
 *
 * A block **marked as never written** is a statement of its own, and hosts may list such blocks as allocated. So it is
 * in doubt only when there is something other than zeros in its place on the LUN, and
 * - it is among the changed areas: it was written since the last point, so it cannot be never written; or
 * - the host tells written from never written, which is seen from its leaving other such blocks out.
 *
 * Where a host reports the whole disk as one area (it does where it does not know), or all blocks that were never
 * written, nothing is told by that; what would need it and goes unchecked is a warning (`L-FMT-432`).
 *
 * It does not count a granule of which a part is there (the area is only coarser than the blocks), nor what a delta
 * marks as zeros or as given back. It cannot tell data that is missing from zeros that the guest wrote where the host
 * keeps no block for them. So a finding is a doubt, not a proof: the disk has to be read another way. Nor does it see
 * stale data in blocks that exist: there the counters of the file's descriptor are the check.
 */
export class HoleCheck {
  readonly #areas: readonly Extent[];
  readonly #changed: readonly Extent[];
  readonly #isFull: boolean;
  readonly #isWhole: boolean;
  readonly #granuleBytes: number;
  readonly #sizeBytes: number;
  #pieces: Piece[] = [];
  #ranges = 0;
  #totalBytes = 0;
  #firstBytes = 0;
  #uncheckedBytes = 0;
  #leftOutBytes = 0;
  /** Blocks marked as never written that may be in doubt. */
  readonly #claims: Extent[] = [];

  constructor({ allocated, changed }: Witness, sizeBytes: number) {
    const [first] = allocated;
    this.#isWhole = first?.offsetBytes === 0 && first.lengthBytes === sizeBytes;
    this.#areas = allocated;
    this.#changed = changed ?? [];
    this.#isFull = changed === undefined;
    const tells = allocated.length > 0 && !this.#isWhole;
    this.#granuleBytes = tells ? granuleOf(allocated, sizeBytes) : 1;
    this.#sizeBytes = sizeBytes;
  }

  /** How finely the areas tell. */
  get granuleBytes(): number {
    return this.#granuleBytes;
  }

  /** Parts come in order. */
  add({ kind, offsetBytes, lengthBytes }: ChainPart): void {
    if (kind !== 'hole' && kind !== 'unwritten') return;
    const listed = intersectionOf(this.#areas, [{ offsetBytes, lengthBytes }]);
    if (kind === 'unwritten') this.#leftOutBytes += lengthBytes - areasBytes(listed);
    for (const part of listed) this.#addPiece({ ...part, kind });
  }

  /**
   * Throws `L-FMT-431` when there is any doubt. What is left unchecked comes back as a warning. Reads those blocks only
   * that may be in doubt.
   */
  async finish(file: string, read: ReadUnwritten, signal?: AbortSignal): Promise<readonly LeewardError[]> {
    this.#judge(this.#sizeBytes);
    const tellsWritten = !this.#isWhole && this.#leftOutBytes > 0;
    for (const claim of this.#claims) {
      const since = intersectionOf(this.#changed, [claim]);
      const suspects = tellsWritten ? [claim] : since;
      for (const suspect of suspects) await this.#look(suspect, read, signal);
      if (this.#isFull && !tellsWritten) this.#uncheckedBytes += claim.lengthBytes;
    }
    if (this.#ranges > 0) {
      const details = { file, ranges: this.#ranges, totalBytes: this.#totalBytes, offset: this.#firstBytes };
      throw new LeewardError('L-FMT-431', details);
    }
    if (this.#uncheckedBytes === 0) return [];
    return [new LeewardError('L-FMT-432', { file, totalBytes: this.#uncheckedBytes })];
  }

  #addPiece(piece: Piece): void {
    const last = this.#pieces.at(-1);
    const end = last ? last.offsetBytes + last.lengthBytes : piece.offsetBytes;
    if (end !== piece.offsetBytes) this.#judge(end);
    else if (this.#pieces.length >= maxPieces) this.#judge(end - (end % this.#granuleBytes));
    const before = this.#pieces.at(-1);
    if (before?.kind === piece.kind)
      this.#pieces[this.#pieces.length - 1] = {
        ...before,
        lengthBytes: before.lengthBytes + piece.lengthBytes,
      };
    else this.#pieces.push(piece);
  }

  /** Takes the pieces up to there, which are without gaps, as far as they are whole granules. */
  #judge(upToBytes: number): void {
    const pieces = this.#pieces;
    this.#pieces = [];
    const [first] = pieces;
    if (!first) return;
    const granule = this.#granuleBytes;
    const from = Math.ceil(first.offsetBytes / granule) * granule;
    const last = pieces.at(-1) ?? first;
    const end = Math.min(upToBytes, last.offsetBytes + last.lengthBytes);
    const to = end === this.#sizeBytes ? end : Math.floor(end / granule) * granule;
    // Of coarse granules a part may be missing though another one is there.
    const partBytes = end - first.offsetBytes - Math.max(0, to - from);
    if (granule > vmfsBlockBytes && pieces.some(({ kind }) => kind === 'hole'))
      this.#uncheckedBytes += partBytes;
    let isNew = true;
    for (const piece of pieces) {
      const part = { offsetBytes: piece.offsetBytes, endBytes: piece.offsetBytes + piece.lengthBytes };
      const [start, stop] = [Math.max(from, part.offsetBytes), Math.min(to, part.endBytes)];
      if (stop > start) {
        const extent = { offsetBytes: start, lengthBytes: stop - start };
        if (piece.kind === 'unwritten') this.#claim(extent);
        else if (this.#isWhole) this.#uncheckedBytes += areasBytes(this.#inQuestion(extent));
        else this.#doubt(extent, isNew);
        if (piece.kind === 'hole') isNew = false;
      }
      if (part.endBytes > upToBytes) {
        const rest = Math.max(upToBytes, part.offsetBytes);
        this.#pieces.push({ kind: piece.kind, offsetBytes: rest, lengthBytes: part.endBytes - rest });
      }
    }
  }

  /** Of a hole that the host's answer says nothing about: what did not come from an earlier point. */
  #inQuestion(extent: Extent): readonly Extent[] {
    return this.#isFull ? [extent] : intersectionOf(this.#changed, [extent]);
  }

  #claim(extent: Extent): void {
    if (this.#claims.length < maxClaims) this.#claims.push(extent);
    else this.#uncheckedBytes += extent.lengthBytes;
  }

  #doubt({ offsetBytes, lengthBytes }: Extent, isNew = true): void {
    if (this.#ranges === 0 || offsetBytes < this.#firstBytes) this.#firstBytes = offsetBytes;
    if (isNew) this.#ranges++;
    this.#totalBytes += lengthBytes;
  }

  /** Doubts what has something other than zeros in it, in pieces. */
  async #look({ offsetBytes, lengthBytes }: Extent, read: ReadUnwritten, signal?: AbortSignal) {
    const end = offsetBytes + lengthBytes;
    let isNew = true;
    for (let at = offsetBytes; at < end; at += readBytes) {
      signal?.throwIfAborted();
      const content = Buffer.alloc(Math.min(readBytes, end - at));
      await read(at, content);
      const isZeros = content.equals(zeros.subarray(0, content.length));
      if (!isZeros) this.#doubt({ offsetBytes: at, lengthBytes: content.length }, isNew);
      isNew = isZeros;
    }
  }
}
