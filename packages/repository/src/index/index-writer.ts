import { encodeIndex, maxIndexBlobs } from '../format/index-file.ts';
import type { PackContent } from '../format/pack-content.ts';
import type { Repository } from '../open/repository.ts';

/** Collects finished packs and writes them into index files. Packs MUST be durable before they are added. */
export class IndexWriter {
  readonly #repository: Repository;
  #pending: PackContent[] = [];
  #tail: Promise<void> = Promise.resolve();
  #bytesWritten = 0;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  get pendingPacks(): number {
    return this.#pending.length;
  }

  /** Packs whose content is in an index file by now are durable and findable. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  add(pack: PackContent): void {
    this.#pending.push(pack);
  }

  /** When it resolves, every pack that was added before the call is in a durable index file. */
  flush(): Promise<void> {
    const packs = this.#pending;
    this.#pending = [];
    const write = this.#tail.then(() => this.#writeAll(packs));
    this.#tail = write;
    return write;
  }

  async #writeAll(packs: readonly PackContent[]): Promise<void> {
    let group: PackContent[] = [];
    let blobs = 0;
    for (const pack of packs) {
      if (blobs + pack.count > maxIndexBlobs && group.length > 0) {
        await this.#write(group);
        [group, blobs] = [[], 0];
      }
      group.push(pack);
      blobs += pack.count;
    }
    if (group.length > 0) await this.#write(group);
  }

  async #write(packs: readonly PackContent[]): Promise<void> {
    const json = encodeIndex(packs);
    await this.#repository.saveFile('index', json);
    this.#bytesWritten += json.length;
  }
}
