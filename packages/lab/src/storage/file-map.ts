import { type ChunkStore, chunkBytes, type SpaceAccount } from './chunk-store.ts';

const pageChunks = 256;
const hole = -1;

/** 256 chunks (16 MiB) of a file; shared between a file and its storage snapshots until one of them changes. */
class Page {
  readonly slots = new Int32Array(pageChunks).fill(hole);
  holders = 1;
}

/** Where the bytes of one file lie. Copying it costs one pointer per 16 MiB. */
export class FileMap {
  readonly #store: ChunkStore;
  readonly #pages: (Page | undefined)[];

  #usedChunks: number;

  constructor(store: ChunkStore, pages: (Page | undefined)[] = [], usedChunks = 0) {
    this.#store = store;
    this.#pages = pages;
    this.#usedChunks = usedChunks;
  }

  /** A second map with the same content; both change on their own from now on. */
  share(): FileMap {
    for (const page of this.#pages) if (page) page.holders++;
    return new FileMap(this.#store, [...this.#pages], this.#usedChunks);
  }

  release(): void {
    for (const page of this.#pages) if (page) this.#releasePage(page);
    this.#pages.length = 0;
  }

  #releasePage(page: Page): void {
    page.holders--;
    if (page.holders > 0) return;
    for (const slot of page.slots) if (slot !== hole) this.#store.release(slot);
  }

  #slot(chunk: number): number {
    return this.#pages[Math.floor(chunk / pageChunks)]?.slots[chunk % pageChunks] ?? hole;
  }

  #ownPage(index: number): Page {
    const page = this.#pages[index];
    if (page?.holders === 1) return page;
    const own = new Page();
    if (page) {
      own.slots.set(page.slots);
      for (const slot of own.slots) if (slot !== hole) this.#store.retain(slot);
      page.holders--;
    }
    this.#pages[index] = own;
    return own;
  }

  /** Fills the whole target; holes are zeros. */
  read(offset: number, target: Uint8Array): void {
    let at = 0;
    while (at < target.length) {
      const chunk = Math.floor((offset + at) / chunkBytes);
      const inside = (offset + at) % chunkBytes;
      const slot = this.#slot(chunk);
      let length = Math.min(chunkBytes - inside, target.length - at);
      for (let next = 1; at + length < target.length; next++) {
        if (this.#slot(chunk + next) !== (slot === hole ? hole : slot + next)) break;
        length = Math.min(length + chunkBytes, target.length - at);
      }
      const part = target.subarray(at, at + length);
      if (slot === hole) part.fill(0);
      else this.#store.read(slot, inside, part);
      at += length;
    }
  }

  /** Throws `StoreFull` when the payer has no room left; what was written before stays. */
  write(offset: number, data: Uint8Array, payer: SpaceAccount): void {
    let at = 0;
    let runSlot = hole;
    let runStart = 0;
    let runInside = 0;
    const flush = () => {
      if (runSlot !== hole) this.#store.write(runSlot, runInside, data.subarray(runStart, at));
      runSlot = hole;
    };
    try {
      while (at < data.length) {
        const chunk = Math.floor((offset + at) / chunkBytes);
        const inside = (offset + at) % chunkBytes;
        const length = Math.min(chunkBytes - inside, data.length - at);
        const slot = this.#ownSlot(chunk, payer, length === chunkBytes);
        const follows =
          runSlot !== hole &&
          slot * chunkBytes + inside === runSlot * chunkBytes + runInside + (at - runStart);
        if (!follows) {
          flush();
          runSlot = slot;
          runStart = at;
          runInside = inside;
        }
        at += length;
      }
    } finally {
      flush();
    }
  }

  /** The slot of a chunk, private to this map; its old content is kept unless it is overwritten whole. */
  #ownSlot(chunk: number, payer: SpaceAccount, overwritten: boolean): number {
    const index = Math.floor(chunk / pageChunks);
    const page = this.#ownPage(index);
    const old = page.slots[chunk % pageChunks] ?? hole;
    if (old !== hole && !this.#store.isShared(old)) return old;
    const slot = this.#store.allocate(payer);
    if (!overwritten && old === hole) this.#store.clear(slot);
    if (!overwritten && old !== hole) {
      const content = Buffer.allocUnsafe(chunkBytes);
      this.#store.read(old, 0, content);
      this.#store.write(slot, 0, content);
    }
    if (old === hole) this.#usedChunks++;
    else this.#store.release(old);
    page.slots[chunk % pageChunks] = slot;
    return slot;
  }

  /** Drops what lies behind `sizeBytes`; a longer file later reads zeros there. */
  truncate(sizeBytes: number, payer: SpaceAccount): void {
    const inside = sizeBytes % chunkBytes;
    const kept = Math.ceil(sizeBytes / chunkBytes);
    if (inside > 0 && this.#slot(kept - 1) !== hole) {
      this.write(sizeBytes, new Uint8Array(chunkBytes - inside), payer);
    }
    const lastPage = Math.ceil(kept / pageChunks);
    for (let index = lastPage; index < this.#pages.length; index++) {
      const page = this.#pages[index];
      if (!page) continue;
      for (const slot of page.slots) if (slot !== hole) this.#usedChunks--;
      this.#releasePage(page);
    }
    this.#pages.length = Math.min(this.#pages.length, lastPage);
    this.#punch(kept, lastPage * pageChunks);
  }

  #punch(from: number, to: number): void {
    for (let chunk = from; chunk < to; chunk++) {
      if (this.#slot(chunk) === hole) continue;
      const page = this.#ownPage(Math.floor(chunk / pageChunks));
      this.#store.release(page.slots[chunk % pageChunks] ?? hole);
      page.slots[chunk % pageChunks] = hole;
      this.#usedChunks--;
    }
  }

  /** Makes one chunk a hole. */
  clearChunk(chunk: number): void {
    this.#punch(chunk, chunk + 1);
  }

  get usedBytes(): number {
    return this.#usedChunks * chunkBytes;
  }

  isHole(chunk: number): boolean {
    return this.#slot(chunk) === hole;
  }

  /** Chunks, from `from` on, whose content differs from `base` (of the same store; absent: from nothing). */
  *changes(base: FileMap | undefined, from = 0): Generator<number> {
    const pages = Math.max(this.#pages.length, base ? base.#pages.length : 0);
    for (let index = Math.floor(from / pageChunks); index < pages; index++) {
      if (this.#pages[index] === (base ? base.#pages[index] : undefined)) continue;
      const first = index * pageChunks;
      for (let chunk = Math.max(first, from); chunk < first + pageChunks; chunk++)
        if (this.#slot(chunk) !== (base ? base.#slot(chunk) : hole)) yield chunk;
    }
  }
}
