import type { BlobIndex } from '../blobs/blob-index.ts';
import { idBytes } from '../crypto/sha256.ts';
import type { RestoreTask } from './restore-task.ts';

/** A task reads at most this much of a pack at once. */
const maxSpanBytes = 8 * 1024 * 1024;
/** Reading over a gap is cheaper than another request up to this length. */
const maxGapBytes = 256 * 1024;

export interface RestoreFile {
  /** Where it is written until all is there. */
  readonly partialPath: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly mode: number;
  /** RFC 3339; the time of the restore when absent. */
  readonly mtime?: string | undefined;
}

/**
 * What goes where in a restore, 16 bytes a block, and its order: by pack and offset, so that each pack is read once.
 */
export class RestorePlan {
  readonly files: RestoreFile[] = [];
  readonly #index: BlobIndex;
  #entries = new Uint32Array(1024);
  #fileNumbers = new Uint32Array(1024);
  #positions = new Float64Array(1024);
  #count = 0;
  #bytes = 0;

  constructor(index: BlobIndex) {
    this.#index = index;
  }

  /** Bytes that will be written, holes not counted. */
  get bytes(): number {
    return this.#bytes;
  }

  addFile(file: RestoreFile): number {
    return this.files.push(file) - 1;
  }

  addBlob(entry: number, fileNumber: number, positionBytes: number): void {
    if (this.#count === this.#entries.length) this.#grow();
    this.#entries[this.#count] = entry;
    this.#fileNumbers[this.#count] = fileNumber;
    this.#positions[this.#count] = positionBytes;
    this.#count++;
    this.#bytes += this.#index.plainBytesOf(entry);
  }

  /** The work in the order of the packs; each task is one range of one pack. */
  *tasks(): Iterable<RestoreTask> {
    let task: TaskBuilder | undefined;
    for (const block of this.#inPackOrder()) {
      const entry = this.#entries[block] ?? 0;
      if (task && !task.accepts(entry)) {
        yield task.build();
        task = undefined;
      }
      task ??= new TaskBuilder(this.#index);
      const path = this.files[this.#fileNumbers[block] ?? 0]?.partialPath ?? '';
      task.add(entry, path, this.#positions[block] ?? 0);
    }
    if (task) yield task.build();
  }

  /** Counting sort by pack, then each pack by offset. */
  #inPackOrder(): Uint32Array {
    const { table, packs } = this.#index;
    const starts = new Uint32Array(packs.count + 1);
    for (let block = 0; block < this.#count; block++) {
      const pack = table.packOf(this.#entries[block] ?? 0);
      starts[pack + 1] = (starts[pack + 1] ?? 0) + 1;
    }
    for (let pack = 0; pack < packs.count; pack++) {
      starts[pack + 1] = (starts[pack + 1] ?? 0) + (starts[pack] ?? 0);
    }
    const order = new Uint32Array(this.#count);
    const next = starts.slice();
    for (let block = 0; block < this.#count; block++) {
      const pack = table.packOf(this.#entries[block] ?? 0);
      const at = next[pack] ?? 0;
      order[at] = block;
      next[pack] = at + 1;
    }
    const offsetOf = (block: number) => table.offsetOf(this.#entries[block] ?? 0);
    for (let pack = 0; pack < packs.count; pack++) {
      order.subarray(starts[pack], starts[pack + 1]).sort((a, b) => offsetOf(a) - offsetOf(b));
    }
    return order;
  }

  #grow(): void {
    const length = this.#entries.length * 2;
    const [entries, fileNumbers, positions] = [this.#entries, this.#fileNumbers, this.#positions];
    this.#entries = new Uint32Array(length);
    this.#fileNumbers = new Uint32Array(length);
    this.#positions = new Float64Array(length);
    this.#entries.set(entries);
    this.#fileNumbers.set(fileNumbers);
    this.#positions.set(positions);
  }
}

class TaskBuilder {
  readonly #index: BlobIndex;
  readonly #entries: number[] = [];
  readonly #targetCounts: number[] = [];
  readonly #targets: number[] = [];
  readonly #files: string[] = [];
  readonly #fileNumbers = new Map<string, number>();

  constructor(index: BlobIndex) {
    this.#index = index;
  }

  accepts(entry: number): boolean {
    const { table } = this.#index;
    const [first = 0] = this.#entries;
    const last = this.#entries.at(-1) ?? 0;
    if (table.packOf(entry) !== table.packOf(first)) return false;
    const gap = table.offsetOf(entry) - table.offsetOf(last) - table.storedBytesOf(last);
    const span = table.offsetOf(entry) + table.storedBytesOf(entry) - table.offsetOf(first);
    return gap <= maxGapBytes && span <= maxSpanBytes;
  }

  add(entry: number, path: string, positionBytes: number): void {
    if (this.#entries.at(-1) === entry) {
      this.#targetCounts.push((this.#targetCounts.pop() ?? 0) + 1);
    } else {
      this.#entries.push(entry);
      this.#targetCounts.push(1);
    }
    this.#targets.push(this.#fileNumberOf(path), positionBytes);
  }

  build(): RestoreTask {
    const { table, packs } = this.#index;
    const [first = 0] = this.#entries;
    const last = this.#entries.at(-1) ?? first;
    const start = table.offsetOf(first);
    const ids = new Uint8Array(this.#entries.length * idBytes);
    const places = new Uint32Array(this.#entries.length * 4);
    this.#entries.forEach((entry, blob) => {
      table.copyId(entry, ids, blob * idBytes);
      const plain = table.compressedFromOf(entry) ?? 0;
      const targets = this.#targetCounts[blob] ?? 0;
      places.set([table.offsetOf(entry) - start, table.storedBytesOf(entry), plain, targets], blob * 4);
    });
    return {
      packId: packs.hexOf(table.packOf(first)),
      offsetBytes: start,
      lengthBytes: table.offsetOf(last) + table.storedBytesOf(last) - start,
      ids,
      places,
      targets: Float64Array.from(this.#targets),
      files: this.#files,
    };
  }

  #fileNumberOf(path: string): number {
    const known = this.#fileNumbers.get(path);
    if (known !== undefined) return known;
    this.#fileNumbers.set(path, this.#files.length);
    return this.#files.push(path) - 1;
  }
}
