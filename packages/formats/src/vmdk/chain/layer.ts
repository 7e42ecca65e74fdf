import type { VmdkDescriptor } from '../descriptor.ts';
import type { DataFile } from './data-file.ts';
import type { FilePlace } from './file-reader.ts';
import type { LayerPart, LayerRun } from './layer-run.ts';

/** One disk of a chain: a delta or the base. */
export class Layer {
  readonly place: FilePlace;
  readonly descriptor: VmdkDescriptor;
  readonly capacityBytes: number;
  readonly files: readonly DataFile[];
  readonly #parts: readonly { readonly beginBytes: number; readonly part: LayerPart }[];

  /** The parts follow each other and make up the disk. */
  constructor(place: FilePlace, descriptor: VmdkDescriptor, parts: readonly LayerPart[]) {
    this.place = place;
    this.descriptor = descriptor;
    let beginBytes = 0;
    this.#parts = parts.map((part) => {
      const placed = { beginBytes, part };
      beginBytes += part.lengthBytes;
      return placed;
    });
    this.capacityBytes = beginBytes;
    this.files = parts.flatMap(({ files }) => files);
  }

  /** As `LayerPart.runs`, with offsets of the disk; `from` is inside the disk. */
  async runs(from: number, to: number, signal?: AbortSignal): Promise<LayerRun[]> {
    const { beginBytes, part } = this.#partAt(from);
    const runs = await part.runs(from - beginBytes, Math.min(to - beginBytes, part.lengthBytes), signal);
    if (beginBytes === 0) return runs;
    return runs.map((run) => ({ ...run, offsetBytes: run.offsetBytes + beginBytes }));
  }

  #partAt(offsetBytes: number) {
    let low = 0;
    let high = this.#parts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#parts[middle]?.beginBytes ?? 0) <= offsetBytes) low = middle;
      else high = middle - 1;
    }
    const found = this.#parts[low];
    if (!found || offsetBytes >= this.capacityBytes)
      throw new RangeError(`no byte ${offsetBytes} in the disk`);
    return found;
  }
}
