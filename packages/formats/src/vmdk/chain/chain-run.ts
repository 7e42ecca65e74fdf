import type { DataFile } from './data-file.ts';
import type { Layer } from './layer.ts';
import { appendRun, type LayerRun } from './layer-run.ts';

/** A part of the disk, and what holds it. */
export interface ChainRun {
  readonly offsetBytes: number;
  lengthBytes: number;
  /** `unmapped`: the guest gave it back; read as zeros, as `zero` is. */
  readonly kind: 'data' | 'zero' | 'unmapped';
  /** Which disk of the chain says so: 0 is the disk itself, the largest number is the base. */
  readonly layer: number;
  /** With `data`. */
  readonly file?: DataFile;
  /** With `data`: where the run begins in the file. */
  readonly fileOffsetBytes?: number;
}

const batchRuns = 256;

/**
 * What holds each byte of the range, in order and without gaps, in batches of a bounded size. For each place the
 * first layer that does not leave it to its parent counts. Runs of one batch are merged.
 */
export async function* chainRuns(
  layers: readonly Layer[],
  from: number,
  to: number,
  signal?: AbortSignal,
): AsyncGenerator<ChainRun[]> {
  const cursors = layers.map((layer) => new LayerCursor(layer));
  let batch: ChainRun[] = [];
  for (let at = from; at < to; ) {
    let end = to;
    let run: LayerRun | undefined;
    let layer = 0;
    for (; layer < cursors.length; layer++) {
      const cursor = cursors[layer];
      run = cursor?.peek(at) ?? (await cursor?.load(at, end, signal));
      if (!run) break;
      end = Math.min(end, run.offsetBytes + run.lengthBytes);
      if (run.kind !== 'parent') break;
    }
    appendRun(batch, chainRun(run, Math.min(layer, cursors.length - 1), at, end));
    at = end;
    if (batch.length > batchRuns) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Only a hosted sparse base leaves something to a parent that it does not have: those are zeros. */
function chainRun(run: LayerRun | undefined, layer: number, at: number, end: number): ChainRun {
  const part = { offsetBytes: at, lengthBytes: end - at, layer };
  if (!run || run.kind === 'parent') return { ...part, kind: 'zero' };
  if (run.kind !== 'data' || run.fileOffsetBytes === undefined || !run.file)
    return { ...part, kind: run.kind === 'unmapped' ? 'unmapped' : 'zero' };
  const fileOffsetBytes = run.fileOffsetBytes + at - run.offsetBytes;
  return { ...part, kind: 'data', file: run.file, fileOffsetBytes };
}

/** Walks through one layer with places that only rise. */
class LayerCursor {
  readonly #layer: Layer;
  #runs: LayerRun[] = [];
  #index = 0;

  constructor(layer: Layer) {
    this.#layer = layer;
  }

  peek(at: number): LayerRun | undefined {
    for (; this.#index < this.#runs.length; this.#index++) {
      const run = this.#runs[this.#index];
      if (run && at < run.offsetBytes + run.lengthBytes) return run;
    }
    return undefined;
  }

  async load(at: number, end: number, signal?: AbortSignal): Promise<LayerRun | undefined> {
    signal?.throwIfAborted();
    this.#runs = await this.#layer.runs(at, end, signal);
    this.#index = 0;
    return this.#runs[0];
  }
}
