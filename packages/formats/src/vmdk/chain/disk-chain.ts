import type { Extent } from '@leeward/core';
import { type ChainRun, chainRuns } from './chain-run.ts';
import type { Layer } from './layer.ts';
import { appendRun } from './layer-run.ts';
import { readRuns } from './read-runs.ts';

const sliceBytes = 4 * 2 ** 20;

/** Bytes that were read, by what held them. */
export interface ReadFigures {
  readonly dataBytes: number;
  readonly zeroBytes: number;
  /** Read as zeros because the guest had given them back (SEsparse only). */
  readonly unmappedBytes: number;
}

/** The content of a disk with all its parents: at a VMware snapshot, when the disk is the one it froze. */
export class DiskChain {
  readonly capacityBytes: number;
  /** The disk itself first, its base last. */
  readonly layers: readonly Layer[];
  readonly #read = { data: 0, zero: 0, unmapped: 0 };

  constructor(layers: readonly Layer[], capacityBytes: number) {
    this.layers = layers;
    this.capacityBytes = capacityBytes;
  }

  /** What `read` has filled in so far. */
  get readFigures(): ReadFigures {
    const { data, zero, unmapped } = this.#read;
    return { dataBytes: data, zeroBytes: zero, unmappedBytes: unmapped };
  }

  /**
   * Fills the whole target or throws; the range lies inside the disk. Many reads may be in flight. Throws
   * `L-FMT-217` for damage found on the way, and what the files throw.
   */
  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    this.#check(offsetBytes, target.length);
    for (let done = 0; done < target.length; done += sliceBytes) {
      const slice = target.subarray(done, done + sliceBytes);
      const from = offsetBytes + done;
      const runs: ChainRun[] = [];
      for await (const batch of chainRuns(this.layers, from, from + slice.length, signal))
        runs.push(...batch);
      await readRuns(runs, from, slice, signal);
      for (const run of runs) this.#read[run.kind] += run.lengthBytes;
    }
  }

  /** What holds each byte of the range: in order, without gaps, merged. */
  async *mapping(offsetBytes: number, lengthBytes: number, signal?: AbortSignal): AsyncGenerator<ChainRun> {
    this.#check(offsetBytes, lengthBytes);
    const held: ChainRun[] = [];
    for await (const batch of chainRuns(this.layers, offsetBytes, offsetBytes + lengthBytes, signal)) {
      for (const run of batch) {
        appendRun(held, run);
        if (held.length > 1) yield* held.splice(0, 1);
      }
    }
    yield* held;
  }

  /**
   * What may hold other than zeros: in order, merged. A base disk counts as a whole, unless its file system knows
   * the holes of its file.
   */
  async *allocated(signal?: AbortSignal): AsyncGenerator<Extent> {
    let held: Extent | undefined;
    for await (const { offsetBytes, lengthBytes } of this.#dataParts(signal)) {
      if (held && held.offsetBytes + held.lengthBytes === offsetBytes)
        held = { offsetBytes: held.offsetBytes, lengthBytes: held.lengthBytes + lengthBytes };
      else {
        if (held) yield held;
        held = { offsetBytes, lengthBytes };
      }
    }
    if (held) yield held;
  }

  async *#dataParts(signal?: AbortSignal): AsyncGenerator<Extent> {
    for await (const run of this.mapping(0, this.capacityBytes, signal)) {
      const { offsetBytes, lengthBytes, file, fileOffsetBytes = 0 } = run;
      if (!file) continue;
      const parts = await file.reader.allocatedIn?.(fileOffsetBytes, lengthBytes, signal);
      if (!parts) yield { offsetBytes, lengthBytes };
      else {
        for (const part of parts)
          yield {
            offsetBytes: offsetBytes + part.offsetBytes - fileOffsetBytes,
            lengthBytes: part.lengthBytes,
          };
      }
    }
  }

  #check(offsetBytes: number, lengthBytes: number): void {
    const isInside =
      Number.isSafeInteger(offsetBytes) &&
      Number.isSafeInteger(lengthBytes) &&
      offsetBytes >= 0 &&
      lengthBytes >= 0 &&
      offsetBytes + lengthBytes <= this.capacityBytes;
    if (!isInside) throw new RangeError(`${offsetBytes} + ${lengthBytes} is not inside the disk`);
  }
}
