import { type Extent, LeewardError } from '@leeward/core';
import { normalAreas, wholeUnits } from '../areas/areas.ts';
import type { DiskSource } from './disk-source.ts';
import { HoleCheck } from './hole-check.ts';
import type { DiskTools } from './open-disk.ts';

export interface InspectOptions {
  readonly source: DiskSource;
  /** What is going to be read: normal areas. */
  readonly areas: readonly Extent[];
  readonly blockBytes: number;
  /** What the host reports as allocated (the answer to `*`): turns the check of holes on. */
  readonly allocatedAreas?: readonly Extent[] | undefined;
  /** Beside it, what the host reports as changed since the point to compare with: normal areas. */
  readonly changedAreas?: readonly Extent[] | undefined;
}

export interface Inspection {
  /** Whole blocks, within and around the areas, that read as zeros without being read: in order, merged. */
  readonly zeroAreas: readonly Extent[];
  /** What is odd, or could not be checked: `L-FMT-432`, `L-FMT-433`. */
  readonly warnings: readonly LeewardError[];
}

const nothingKnown: Inspection = { zeroAreas: [], warnings: [] };
/** More are not kept: what is not listed is read. */
const maxZeroAreas = 100_000;

/**
 * Asks the file systems and deltas below a disk what they have nothing for, before anything is read or stored. Only
 * where that is worth a connection: on VMFS. Throws the errors of opening the disk, and `L-FMT-431` when a hole is in
 * doubt (see `HoleCheck`).
 */
export async function inspectDisk(
  options: InspectOptions,
  tools: DiskTools,
  signal?: AbortSignal,
): Promise<Inspection> {
  const { source, blockBytes } = options;
  if (source.kind !== 'chain') return nothingKnown;
  if (!source.folders.some(({ access }) => access.protocol === 'vmfs')) return nothingKnown;
  const { sizeBytes } = source;
  const { allocatedAreas, changedAreas: changed } = options;
  const holes =
    allocatedAreas &&
    new HoleCheck({ allocated: normalAreas(allocatedAreas, sizeBytes), changed }, sizeBytes);
  const ranges = wholeUnits(options.areas, Math.max(blockBytes, holes?.granuleBytes ?? 0), sizeBytes);
  const zeros = new ZeroBlocks(blockBytes, sizeBytes);
  const { openChainDisk } = await import('./chain-disk.ts');
  const disk = await openChainDisk(source, tools, signal);
  try {
    for (const range of ranges) {
      for await (const part of disk.parts(range, signal)) {
        holes?.add(part);
        if (part.kind !== 'data') zeros.add(part);
      }
    }
    const file = `${source.folders[source.folder]?.name}/${source.path}`;
    const read = (at: number, target: Uint8Array) => disk.readUnwritten(at, target, signal);
    const unchecked = (await holes?.finish(file, read, signal)) ?? [];
    const held = disk.heldFiles.map((each) => new LeewardError('L-FMT-433', { ...each }));
    return { zeroAreas: zeros.finish(), warnings: [...unchecked, ...held] };
  } finally {
    await disk.close();
  }
}

/** Collects the whole blocks of areas that come in order. */
class ZeroBlocks {
  readonly #blockBytes: number;
  readonly #sizeBytes: number;
  readonly #areas: Extent[] = [];
  #from = 0;
  #to = 0;

  constructor(blockBytes: number, sizeBytes: number) {
    this.#blockBytes = blockBytes;
    this.#sizeBytes = sizeBytes;
  }

  add({ offsetBytes, lengthBytes }: Extent): void {
    if (offsetBytes !== this.#to) {
      this.#keep();
      this.#from = offsetBytes;
    }
    this.#to = offsetBytes + lengthBytes;
  }

  finish(): readonly Extent[] {
    this.#keep();
    return this.#areas;
  }

  #keep(): void {
    const block = this.#blockBytes;
    const from = Math.ceil(this.#from / block) * block;
    const to = this.#to === this.#sizeBytes ? this.#to : Math.floor(this.#to / block) * block;
    if (to > from && this.#areas.length < maxZeroAreas)
      this.#areas.push({ offsetBytes: from, lengthBytes: to - from });
  }
}
