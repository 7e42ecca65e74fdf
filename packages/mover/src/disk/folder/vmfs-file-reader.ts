import type { Extent } from '@leeward/core';
import type { FileReader } from '@leeward/formats';
import type { LunReader } from '@leeward/formats/vmfs/lun-reader';
import type { VmfsExtent } from '@leeward/formats/vmfs/vmfs-file';

const noLun = -1;

interface Piece {
  readonly lun: LunReader;
  readonly lunOffsetBytes: number;
  readonly target: Uint8Array;
}

/** A file by its extents, which are kept as numbers only: a fragmented disk has millions of them. */
export class VmfsFileReader implements FileReader {
  readonly sizeBytes: number;
  /** Where each extent begins in the file; the last entry is where the file ends. */
  readonly #starts: Float64Array;
  readonly #lunOffsets: Float64Array;
  /** `noLun` for what reads as zeros. */
  readonly #lunNumbers: Int16Array;
  readonly #luns: readonly LunReader[];

  /** Extents follow each other without gaps. */
  constructor(extents: readonly VmfsExtent[], luns: readonly LunReader[]) {
    this.#starts = new Float64Array(extents.length + 1);
    this.#lunOffsets = new Float64Array(extents.length);
    this.#lunNumbers = new Int16Array(extents.length).fill(noLun);
    this.#luns = luns;
    let end = 0;
    for (const [index, extent] of extents.entries()) {
      this.#starts[index] = end;
      end += extent.lengthBytes;
      if (extent.kind !== 'data') continue;
      this.#lunOffsets[index] = extent.lunOffsetBytes;
      this.#lunNumbers[index] = extent.lun;
    }
    this.#starts[extents.length] = end;
    this.sizeBytes = end;
  }

  /**
   * Fills the whole target; the range MUST be within the file. The first failure stops the other reads, and all have
   * settled before it is thrown: nothing writes to the target then.
   */
  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    const pieces = this.#pieces(offsetBytes, target);
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

  async allocatedIn(offsetBytes: number, lengthBytes: number): Promise<readonly Extent[]> {
    const allocated: { offsetBytes: number; lengthBytes: number }[] = [];
    this.#each(offsetBytes, lengthBytes, (index, from, length) => {
      if (this.#lunNumbers[index] === noLun) return;
      const last = allocated.at(-1);
      if (last && last.offsetBytes + last.lengthBytes === from) last.lengthBytes += length;
      else allocated.push({ offsetBytes: from, lengthBytes: length });
    });
    return allocated;
  }

  /** Zeros are filled in at once; what is left are the reads. */
  #pieces(offsetBytes: number, target: Uint8Array): Piece[] {
    const pieces: Piece[] = [];
    this.#each(offsetBytes, target.length, (index, from, length) => {
      const part = target.subarray(from - offsetBytes, from - offsetBytes + length);
      const lunNumber = this.#lunNumbers[index] ?? noLun;
      const lun = this.#luns[lunNumber];
      if (lun) {
        const inside = from - (this.#starts[index] ?? 0);
        pieces.push({ lun, lunOffsetBytes: (this.#lunOffsets[index] ?? 0) + inside, target: part });
      } else if (lunNumber === noLun) part.fill(0);
      else throw new RangeError(`an extent lies on LUN ${lunNumber} of ${this.#luns.length}`);
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
