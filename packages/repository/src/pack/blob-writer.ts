import type { BlobIndex } from '../blobs/blob-index.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { BlobType } from '../format/pack-header.ts';
import { encodeTree, type TreeNode } from '../format/tree.ts';
import type { IndexWriter } from '../index/index-writer.ts';
import type { Repository } from '../open/repository.ts';
import { PackWriter } from './pack-writer.ts';

export interface AddedBlob {
  /** 32 bytes. */
  readonly id: Uint8Array;
  /** As stored; 0 when the blob was there already. */
  readonly bytesAdded: number;
}

/**
 * Stores single blobs from the coordinating thread: trees and small files, deduplicated against the index. Any number
 * of callers at the same time.
 */
export class BlobWriter {
  readonly #index: BlobIndex;
  readonly #packs: Record<BlobType, PackWriter>;
  readonly #ready: Promise<unknown>;
  #tail: Promise<unknown> = Promise.resolve();

  /** Nothing is stored before `ready` resolves; when it rejects, so does everything here. */
  constructor(
    repository: Repository,
    index: BlobIndex,
    indexWriter: IndexWriter,
    { packBytes, ready = Promise.resolve() }: { packBytes?: number; ready?: Promise<unknown> } = {},
  ) {
    this.#index = index;
    this.#ready = ready;
    ready.catch(() => undefined);
    const packWriter = (type: BlobType) =>
      new PackWriter({
        backend: repository.backend,
        sealer: repository.sealer,
        codec: repository.codec,
        type,
        ...(packBytes === undefined ? {} : { targetBytes: packBytes }),
        onFinished: (pack) => {
          index.addPack(pack);
          indexWriter.add(pack);
        },
      });
    this.#packs = { data: packWriter('data'), tree: packWriter('tree') };
  }

  addTree(nodes: readonly TreeNode[]): Promise<AddedBlob> {
    return this.add('tree', encodeTree(nodes));
  }

  /** Durable after the next `drain` and a flush of the index writer. */
  add(type: BlobType, plain: Uint8Array): Promise<AddedBlob> {
    const id = sha256(plain);
    return this.#inTurn(async () => {
      if (!this.#index.claim(type, id)) return { id, bytesAdded: 0 };
      const packs = this.#packs[type];
      const bytesAdded = packs.add(id, 0, plain);
      if (packs.isFull) await packs.makeRoom();
      return { id, bytesAdded };
    });
  }

  /** All blobs added before are in durable packs, known to the index writer, when it resolves. */
  drain(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#packs.data.drain();
      await this.#packs.tree.drain();
    });
  }

  /** Gives up what was added and not drained. Nothing may be added any more. */
  async discard(): Promise<void> {
    await this.#tail;
    await this.#packs.data.discard();
    await this.#packs.tree.discard();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(() => this.#ready).then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
