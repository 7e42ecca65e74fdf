import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { Bitmap } from './bitmap.ts';
import type { Hasher } from './hasher.ts';

/** Unit in which old content is kept for views. */
const blockBytes = 65_536;

/**
 * The true content of one simulated disk, in a local sparse file: the host's cache and the oracle of the lab.
 * Reads and writes are synchronous on purpose: each is atomic with regard to all others.
 */
export class TruthDisk {
  readonly sizeBytes: number;
  readonly #path: string;
  readonly #file: number;
  readonly #views: TruthView[] = [];
  #serial = 0;

  constructor(path: string, sizeBytes: number) {
    this.#path = path;
    this.sizeBytes = sizeBytes;
    this.#file = openSparse(path, sizeBytes);
  }

  read(offsetBytes: number, lengthBytes: number): Buffer {
    return readAt(this.#file, offsetBytes, lengthBytes);
  }

  write(offsetBytes: number, data: Uint8Array): void {
    const newest = this.#views.at(-1);
    if (newest)
      for (const block of blocksOf(offsetBytes, data.length))
        if (!newest.saved.has(block)) newest.save(block, this.#readBlock(block));
    writeSync(this.#file, data, 0, data.length, offsetBytes);
  }

  /** The content as of now, kept until `release`. */
  freeze(): TruthView {
    const view = new TruthView(this, `${this.#path}.view-${++this.#serial}`);
    this.#views.push(view);
    return view;
  }

  /** Makes the current content equal to `view`; `onWrite` sees every range that may have changed. */
  async revertTo(
    view: TruthView,
    onWrite: (offsetBytes: number, data: Buffer) => Promise<void>,
  ): Promise<void> {
    const changed = new Bitmap(Math.ceil(this.sizeBytes / blockBytes));
    for (const later of this.#views.slice(this.#views.indexOf(view))) changed.addAll(later.saved);
    for (const block of changed.members()) {
      const data = view.read(block * blockBytes, this.#blockLength(block));
      this.write(block * blockBytes, data);
      await onWrite(block * blockBytes, data);
    }
  }

  /** Views cannot be read afterwards. */
  close(): void {
    for (const view of this.#views.splice(0)) view.drop();
    closeSync(this.#file);
  }

  /** For `TruthView` only. */
  readForView(view: TruthView, offsetBytes: number, target: Uint8Array): void {
    const later = this.#views.slice(this.#views.indexOf(view));
    const end = offsetBytes + target.length;
    for (let from = offsetBytes; from < end; ) {
      const holder = holderOf(later, from);
      let to = Math.min(end, blockEnd(from));
      while (to < end && holderOf(later, to) === holder) to = Math.min(end, blockEnd(to));
      const part = target.subarray(from - offsetBytes, to - offsetBytes);
      if (holder) holder.readSavedInto(from, part);
      else readInto(this.#file, from, part);
      from = to;
    }
  }

  /** For `TruthView` only: hands what only this view keeps to the next older view. */
  forget(view: TruthView): void {
    const at = this.#views.indexOf(view);
    const older = this.#views[at - 1];
    if (older)
      for (const block of view.saved.members())
        if (!older.saved.has(block))
          older.save(block, view.readSaved(block * blockBytes, this.#blockLength(block)));
    this.#views.splice(at, 1);
  }

  #readBlock(block: number): Buffer {
    return this.read(block * blockBytes, this.#blockLength(block));
  }

  #blockLength(block: number): number {
    return Math.min(blockBytes, this.sizeBytes - block * blockBytes);
  }
}

/** The content of a disk at one moment. Readable until released. */
export class TruthView {
  readonly saved: Bitmap;
  readonly #disk: TruthDisk;
  readonly #path: string;
  readonly #file: number;
  #holders = 1;

  constructor(disk: TruthDisk, path: string) {
    this.#disk = disk;
    this.#path = path;
    this.saved = new Bitmap(Math.ceil(disk.sizeBytes / blockBytes));
    this.#file = openSparse(path, disk.sizeBytes);
  }

  read(offsetBytes: number, lengthBytes: number): Buffer {
    const target = Buffer.allocUnsafe(lengthBytes);
    this.#readInto(offsetBytes, target);
    return target;
  }

  #readInto(offsetBytes: number, target: Uint8Array): void {
    if (this.#holders === 0) throw new Error('the view was released');
    this.#disk.readForView(this, offsetBytes, target);
  }

  /** SHA-256 of the whole disk, hex. */
  sha256(hasher: Hasher): Promise<string> {
    return hasher.sha256(this.#disk.sizeBytes, (offset, target) => this.#readInto(offset, target));
  }

  save(block: number, data: Uint8Array): void {
    writeSync(this.#file, data, 0, data.length, block * blockBytes);
    this.saved.add(block);
  }

  readSaved(offsetBytes: number, lengthBytes: number): Buffer {
    return readAt(this.#file, offsetBytes, lengthBytes);
  }

  /** For `TruthDisk` only. */
  readSavedInto(offsetBytes: number, target: Uint8Array): void {
    readInto(this.#file, offsetBytes, target);
  }

  /** One more holder that will call `release`. */
  retain(): this {
    this.#holders += 1;
    return this;
  }

  /** The last holder's call drops what is kept. */
  release(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    this.#disk.forget(this);
    this.drop();
  }

  /** For `TruthDisk` only. */
  drop(): void {
    this.#holders = 0;
    closeSync(this.#file);
    rmSync(this.#path, { force: true });
  }
}

function openSparse(path: string, sizeBytes: number): number {
  const file = openSync(path, 'w+');
  ftruncateSync(file, sizeBytes);
  return file;
}

function readAt(file: number, offsetBytes: number, lengthBytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(lengthBytes);
  readInto(file, offsetBytes, buffer);
  return buffer;
}

function readInto(file: number, offsetBytes: number, target: Uint8Array): void {
  for (let done = 0; done < target.length; ) {
    const count = readSync(file, target, done, target.length - done, offsetBytes + done);
    if (count === 0) throw new Error('read beyond the end of the disk');
    done += count;
  }
}

/** The view that keeps the block with this byte; undefined: nobody wrote it since. */
function holderOf(views: readonly TruthView[], offsetBytes: number): TruthView | undefined {
  const block = Math.floor(offsetBytes / blockBytes);
  return views.find(({ saved }) => saved.has(block));
}

function blockEnd(offsetBytes: number): number {
  return (Math.floor(offsetBytes / blockBytes) + 1) * blockBytes;
}

function* blocksOf(offsetBytes: number, lengthBytes: number): Generator<number> {
  const last = Math.floor((offsetBytes + lengthBytes - 1) / blockBytes);
  for (let block = Math.floor(offsetBytes / blockBytes); block <= last; block++) yield block;
}
