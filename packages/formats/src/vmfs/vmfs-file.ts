import type { LogicalExtent } from './extent-list.ts';
import type { LogicalVolume } from './logical-volume.ts';
import type { VmfsStat } from './stat.ts';

/** A run of a file. Runs follow each other without gaps, neighbours are merged, the last one ends at the file's end. */
export type VmfsExtent =
  | {
      /** `zero`: allocated and marked as never written, so it reads as zeros, whatever lies there. */
      readonly kind: 'data' | 'zero';
      readonly fileOffsetBytes: number;
      readonly lengthBytes: number;
      /** Position of the LUN in the list that the volume was opened with. */
      readonly lun: number;
      /** From the start of the LUN. */
      readonly lunOffsetBytes: number;
    }
  | {
      /** Nothing is allocated: reads as zeros. */
      readonly kind: 'hole';
      readonly fileOffsetBytes: number;
      readonly lengthBytes: number;
    };

/** An open file, all of whose blocks were found and checked. Holds memory for its extents only; needs no closing. */
export class VmfsFile {
  readonly stat: VmfsStat;
  readonly #volume: LogicalVolume;
  readonly #extents: readonly LogicalExtent[];

  constructor(stat: VmfsStat, volume: LogicalVolume, extents: readonly LogicalExtent[]) {
    this.stat = stat;
    this.#volume = volume;
    this.#extents = extents;
  }

  get sizeBytes(): number {
    return this.stat.sizeBytes;
  }

  extents(): VmfsExtent[] {
    const result: VmfsExtent[] = [];
    for (const { kind, fileOffset, lengthBytes, logicalOffset } of this.#extents) {
      if (kind === 'hole') {
        result.push({ kind, fileOffsetBytes: fileOffset, lengthBytes });
        continue;
      }
      let at = fileOffset;
      this.#volume.eachPiece(logicalOffset, lengthBytes, (piece) => {
        appendPlaced(result, { kind, fileOffsetBytes: at, ...piece });
        at += piece.lengthBytes;
      });
    }
    return result;
  }

  /** Fills the whole target. The range MUST be within the file. */
  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    const end = offsetBytes + target.length;
    if (!(offsetBytes >= 0) || !(end <= this.sizeBytes))
      throw new RangeError(`bytes ${offsetBytes} to ${end} of a file of ${this.sizeBytes}`);
    let at = offsetBytes;
    for (let index = this.#extentAt(at); at < end; index++) {
      const extent = this.#extents[index];
      if (!extent) throw new RangeError(`no extent at byte ${at}`);
      const inside = at - extent.fileOffset;
      const length = Math.min(extent.lengthBytes - inside, end - at);
      const part = target.subarray(at - offsetBytes, at - offsetBytes + length);
      if (extent.kind === 'data') await this.#volume.read(extent.logicalOffset + inside, part, signal);
      else part.fill(0);
      at += length;
    }
  }

  #extentAt(offsetBytes: number): number {
    let low = 0;
    let high = this.#extents.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#extents[middle]?.fileOffset ?? 0) <= offsetBytes) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function appendPlaced(extents: VmfsExtent[], next: Exclude<VmfsExtent, { readonly kind: 'hole' }>): void {
  const last = extents.at(-1);
  const follows =
    last !== undefined &&
    last.kind !== 'hole' &&
    last.kind === next.kind &&
    last.lun === next.lun &&
    last.lunOffsetBytes + last.lengthBytes === next.lunOffsetBytes;
  if (follows) extents[extents.length - 1] = { ...last, lengthBytes: last.lengthBytes + next.lengthBytes };
  else extents.push(next);
}
