import { type DataFile, damaged, readPage } from './data-file.ts';
import { type GrainFormat, inParent, unmappedGrain, zeroGrain } from './grain-format.ts';
import { appendRun, type LayerPart, type LayerRun } from './layer-run.ts';
import type { PageCache } from './page-cache.ts';

const directoryPageBytes = 32 * 1024;
const maxRuns = 128;

/** What a sparse data file says about its part of the disk, read by way of the cache. */
export class GrainRuns implements LayerPart {
  readonly lengthBytes: number;
  readonly files: readonly DataFile[];
  readonly #file: DataFile;
  readonly #format: GrainFormat;
  readonly #cache: PageCache;
  readonly #tableCoverBytes: number;

  /** `lengthBytes` is at most the capacity that the file gives. */
  constructor(file: DataFile, format: GrainFormat, lengthBytes: number, cache: PageCache) {
    this.lengthBytes = lengthBytes;
    this.files = [file];
    this.#file = file;
    this.#format = format;
    this.#cache = cache;
    this.#tableCoverBytes = format.grainBytes * format.entriesPerTable;
  }

  async runs(from: number, to: number, signal?: AbortSignal): Promise<LayerRun[]> {
    const { directoryOffsetBytes, entryBytes } = this.#format;
    const runs: LayerRun[] = [];
    let at = from;
    while (at < to && runs.length < maxRuns) {
      const index = Math.floor(at / this.#tableCoverBytes);
      const directory = await this.#directoryPage(index, signal);
      const entryAt = directoryOffsetBytes + index * entryBytes;
      const tableAt = this.#format.table(directory.page, (index - directory.first) * entryBytes, entryAt);
      const next = tableAt === undefined ? this.#nextTable(directory, index, to) : index + 1;
      const end = Math.min(next * this.#tableCoverBytes, this.lengthBytes);
      if (tableAt !== undefined) at = await this.#addTable(runs, tableAt, at, end, signal);
      else {
        appendRun(runs, { offsetBytes: at, lengthBytes: end - at, kind: 'parent' });
        at = end;
      }
    }
    return runs;
  }

  async #directoryPage(index: number, signal?: AbortSignal): Promise<{ first: number; page: DataView }> {
    const { directoryOffsetBytes, directoryEntries, entryBytes } = this.#format;
    const perPage = directoryPageBytes / entryBytes;
    const first = index - (index % perPage);
    const lengthBytes = Math.min(perPage, directoryEntries - first) * entryBytes;
    const page = await this.#page(directoryOffsetBytes + first * entryBytes, lengthBytes, signal);
    return { first, page };
  }

  /** The next entry with a table, within the page and the range; else where these end. */
  #nextTable({ first, page }: { first: number; page: DataView }, empty: number, to: number): number {
    const { directoryOffsetBytes, entryBytes } = this.#format;
    const end = Math.min(first + page.byteLength / entryBytes, Math.ceil(to / this.#tableCoverBytes));
    for (let next = empty + 1; next < end; next++) {
      const entryAt = directoryOffsetBytes + next * entryBytes;
      if (this.#format.table(page, (next - first) * entryBytes, entryAt) !== undefined) return next;
    }
    return Math.max(end, empty + 1);
  }

  /** Adds the runs of one table from `from` on, to `end` or until there are enough; gives where they end. */
  async #addTable(
    runs: LayerRun[],
    tableAt: number,
    from: number,
    end: number,
    signal?: AbortSignal,
  ): Promise<number> {
    const { grainBytes, entriesPerTable, entryBytes } = this.#format;
    const table = await this.#page(tableAt, entriesPerTable * entryBytes, signal);
    const first = Math.floor((from % this.#tableCoverBytes) / grainBytes);
    const tableStart = from - (from % this.#tableCoverBytes);
    let at = from;
    for (let entry = first; at < end && runs.length < maxRuns; entry++) {
      const grainStart = tableStart + entry * grainBytes;
      const grainEnd = Math.min(grainStart + grainBytes, end);
      const where = this.#format.grain(table, entry * entryBytes, tableAt + entry * entryBytes);
      appendRun(runs, this.#run(where, at, grainEnd, at - grainStart, tableAt + entry * entryBytes));
      at = grainEnd;
    }
    return at;
  }

  #run(where: number, offsetBytes: number, end: number, skipBytes: number, entryAt: number): LayerRun {
    const lengthBytes = end - offsetBytes;
    if (where === inParent) return { offsetBytes, lengthBytes, kind: 'parent' };
    if (where === zeroGrain) return { offsetBytes, lengthBytes, kind: 'zero' };
    if (where === unmappedGrain) return { offsetBytes, lengthBytes, kind: 'unmapped' };
    const fileOffsetBytes = where + skipBytes;
    if (fileOffsetBytes + lengthBytes > this.#file.reader.sizeBytes)
      damaged(this.#file, entryAt, `a grain would lie at byte ${where}, behind the end of the file`);
    return { offsetBytes, lengthBytes, kind: 'data', file: this.#file, fileOffsetBytes };
  }

  async #page(offsetBytes: number, lengthBytes: number, signal?: AbortSignal): Promise<DataView> {
    const key = `${this.#file.id}:${offsetBytes}:${lengthBytes}`;
    return (
      this.#cache.peek(key) ??
      this.#cache.get(key, (abort) => readPage(this.#file, offsetBytes, lengthBytes, abort), signal)
    );
  }
}
