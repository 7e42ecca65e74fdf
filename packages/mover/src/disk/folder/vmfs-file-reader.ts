import type { Extent } from '@leeward/core';
import type { FileReader } from '@leeward/formats';
import type { LunReader } from '@leeward/formats/vmfs/lun-reader';
import type { VmfsExtent } from '@leeward/formats/vmfs/vmfs-file';

const noLun = -1;
/** What is marked as never written has the number of its LUN so far below zero. */
const firstUnwritten = -2;

interface Piece {
  readonly lun: LunReader;
  readonly lunOffsetBytes: number;
  readonly target: Uint8Array;
}

/** A file by its extents, which are kept as numbers only: a fragmented disk has millions of them. */
export class VmfsFileReader implements FileReader {
  readonly sizeBytes: number;
  readonly exclusiveOwner: string | undefined;
  /** Where each extent begins in the file; the last entry is where the file ends. */
  readonly #starts: Float64Array;
  readonly #lunOffsets: Float64Array;
  /** `noLun` for holes, from `firstUnwritten` down for what is marked as never written: both read as zeros. */
  readonly #lunNumbers: Int16Array;
  readonly #luns: readonly LunReader[];

  /** Extents follow each other without gaps. */
  constructor(extents: readonly VmfsExtent[], luns: readonly LunReader[], exclusiveOwner?: string) {
    this.exclusiveOwner = exclusiveOwner;
    this.#starts = new Float64Array(extents.length + 1);
    this.#lunOffsets = new Float64Array(extents.length);
    this.#lunNumbers = new Int16Array(extents.length).fill(noLun);
    this.#luns = luns;
    let end = 0;
    for (const [index, extent] of extents.entries()) {
      this.#starts[index] = end;
      end += extent.lengthBytes;
      if (extent.kind === 'hole') continue;
      this.#lunOffsets[index] = extent.lunOffsetBytes;
      this.#lunNumbers[index] = extent.kind === 'data' ? extent.lun : firstUnwritten - extent.lun;
    }
    this.#starts[extents.length] = end;
    this.sizeBytes = end;
  }

  /**
   * Fills the whole target; the range MUST be within the file. The first failure stops the other reads, and all have
   * settled before it is thrown: nothing writes to the target then.
   */
  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    await readAll(this.#pieces(offsetBytes, target, false), signal);
  }

  /** As `read`, with what lies in blocks that are marked as never written. */
  async readUnwritten(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    await readAll(this.#pieces(offsetBytes, target, true), signal);
  }

  async allocatedIn(offsetBytes: number, lengthBytes: number): Promise<readonly Extent[]> {
    return this.#where(offsetBytes, lengthBytes, (lun) => lun >= 0);
  }

  async unwrittenIn(offsetBytes: number, lengthBytes: number): Promise<readonly Extent[]> {
    return this.#where(offsetBytes, lengthBytes, (lun) => lun <= firstUnwritten);
  }

  #where(offsetBytes: number, lengthBytes: number, isWanted: (lunNumber: number) => boolean): Extent[] {
    const found: { offsetBytes: number; lengthBytes: number }[] = [];
    this.#each(offsetBytes, lengthBytes, (index, from, length) => {
      if (!isWanted(this.#lunNumbers[index] ?? noLun)) return;
      const last = found.at(-1);
      if (last && last.offsetBytes + last.lengthBytes === from) last.lengthBytes += length;
      else found.push({ offsetBytes: from, lengthBytes: length });
    });
    return found;
  }

  /** Zeros are filled in at once; what is left are the reads. */
  #pieces(offsetBytes: number, target: Uint8Array, unwrittenToo: boolean): Piece[] {
    const pieces: Piece[] = [];
    this.#each(offsetBytes, target.length, (index, from, length) => {
      const part = target.subarray(from - offsetBytes, from - offsetBytes + length);
      const known = this.#lunNumbers[index] ?? noLun;
      if (known === noLun || (known <= firstUnwritten && !unwrittenToo)) {
        part.fill(0);
        return;
      }
      const lunNumber = known >= 0 ? known : firstUnwritten - known;
      const lun = this.#luns[lunNumber];
      if (lun) {
        const inside = from - (this.#starts[index] ?? 0);
        pieces.push({ lun, lunOffsetBytes: (this.#lunOffsets[index] ?? 0) + inside, target: part });
      } else throw new RangeError(`an extent lies on LUN ${lunNumber} of ${this.#luns.length}`);
    });
    return pieces;
  }

  #each(
    offsetBytes: number,
    lengthBytes: number,
    callback: (index: number, fromBytes: number, lengthBytes: number) => void,
  ): void {
    const end = offsetBytes + lengthBytes;
    if (!(offsetBytes >= 0) || !(end <= this.sizeBytes))
      throw new RangeError(`bytes ${offsetBytes} to ${end} of a file of ${this.sizeBytes}`);
    let at = offsetBytes;
    for (let index = this.#extentAt(at); at < end; index++) {
      const to = Math.min(this.#starts[index + 1] ?? end, end);
      if (to > at) callback(index, at, to - at);
      at = to;
    }
  }

  /** The extent that holds the byte. */
  #extentAt(offsetBytes: number): number {
    let low = 0;
    let high = this.#lunNumbers.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) <= offsetBytes) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

async function readAll(pieces: readonly Piece[], signal?: AbortSignal): Promise<void> {
  const [only] = pieces;
  if (pieces.length <= 1) return only?.lun.read(only.lunOffsetBytes, only.target, signal);
  const stop = new AbortController();
  const ending = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const reads = pieces.map(async (piece) => {
    try {
      await piece.lun.read(piece.lunOffsetBytes, piece.target, ending);
    } catch (error) {
      stop.abort(error);
    }
  });
  await Promise.all(reads);
  if (stop.signal.aborted) throw stop.signal.reason;
}
