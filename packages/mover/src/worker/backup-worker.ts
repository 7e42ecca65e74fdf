import { type MessagePort, parentPort } from 'node:worker_threads';
import { systemRandomness } from '@leeward/platform/randomness/system-randomness';
import { openBackend } from '@leeward/repository/backend/open-backend';
import { isZero, ZeroIds } from '@leeward/repository/blobs/zeros';
import { zstdCodec } from '@leeward/repository/codec/codec';
import { masterKeysOf } from '@leeward/repository/crypto/master-keys';
import { Sealer } from '@leeward/repository/crypto/sealer';
import { idBytes, sha256 } from '@leeward/repository/crypto/sha256';
import { PackWriter } from '@leeward/repository/pack/pack-writer';
import { toThreadError } from '@leeward/repository/threads/thread-errors';
import { BatchBuffers, blocksPerBatch } from './batch-buffers.ts';
import type { FromWorker, ToWorker, WorkerSetUp } from './messages.ts';
import { readBatch } from './read-batch.ts';
import { StageClock } from './stage-clock.ts';
import { WorkerDisk } from './worker-disk.ts';

/** What the header entry of a blob adds to its pack. */
const headerEntryBytes = 41;

// Single modules instead of whole packages: every thread pays for what it loads.

/**
 * Reads, hashes, compresses, seals and packs; shares nothing with other workers. Several batches are in flight: one is
 * read while another one is packed.
 */
class BackupWorker {
  readonly #port: MessagePort;
  readonly #blockBytes: number;
  readonly #reader: number;
  readonly #packs: PackWriter;
  readonly #buffers: BatchBuffers;
  readonly #zeros = new ZeroIds();
  readonly #disks = new Map<number, WorkerDisk>();
  readonly #answers = new Map<number, (wanted: Uint8Array) => void>();
  readonly #stages = new StageClock();
  #packing: Promise<unknown> = Promise.resolve();
  #broken = false;
  /** The first answer comes when the lock of the repository is held, the others at once. */
  #isAnswered = false;

  constructor(port: MessagePort, { locator, keys, blockBytes, packBytes, reader }: WorkerSetUp) {
    this.#port = port;
    this.#reader = reader;
    this.#blockBytes = blockBytes;
    this.#buffers = new BatchBuffers(blocksPerBatch(blockBytes) * blockBytes);
    this.#packs = new PackWriter({
      backend: openBackend(locator),
      sealer: new Sealer(masterKeysOf(keys), (length) => systemRandomness.bytes(length)),
      codec: zstdCodec(),
      type: 'data',
      targetBytes: packBytes,
      onFinished: (pack) => this.#send({ kind: 'pack', pack }),
    });
  }

  accept(message: Exclude<ToWorker, { kind: 'set-up' }>): void {
    switch (message.kind) {
      case 'open':
        this.#disks.set(message.disk, new WorkerDisk(message.source, message.bytesPerSecond, this.#reader));
        return;
      case 'batch':
        this.#backUp(message.disk, message.batch, message.blocks).catch((error: unknown) =>
          this.#break(error),
        );
        return;
      case 'answer':
        this.#answers.get(message.batch)?.(message.wanted);
        this.#answers.delete(message.batch);
        return;
      case 'flush':
        this.#flush(message.flush).catch((error: unknown) => this.#break(error));
        return;
      case 'close':
        this.#disks.get(message.disk)?.close();
        this.#disks.delete(message.disk);
        return;
      case 'end':
        // Its turn never comes where an answer is still awaited; what is written now is given up all the same.
        this.#packs.discard().then(() => process.exit(0));
    }
  }

  /** Rejects only when the repository fails: what was promised to be stored is then not stored. */
  async #backUp(diskNumber: number, batch: number, blocks: Uint32Array): Promise<void> {
    const buffer = this.#buffers.take();
    const work = this.#stages.begin('source');
    try {
      const bytesRead = await this.#read(diskNumber, batch, blocks, buffer);
      if (bytesRead === undefined) return;
      work.enter(this.#isAnswered ? 'proxy' : 'repository');
      const ids = new Uint8Array(blocks.length * idBytes);
      const zeros = this.#hash(buffer.subarray(0, bytesRead), ids);
      const answer = new Promise<Uint8Array>((resolve) => this.#answers.set(batch, resolve));
      this.#send({ kind: 'hashed', batch, ids, zeros });
      const wanted = await answer;
      this.#isAnswered = true;
      // Nothing but a write is waited for, also by what stands behind another batch.
      work.enter('repository');
      const stored = await this.#inTurn(() => this.#store(buffer.subarray(0, bytesRead), ids, wanted));
      this.#send({ kind: 'stored', batch, figures: { bytesRead, ...stored }, times: work.end() });
    } finally {
      work.end();
      this.#buffers.giveBack(buffer);
    }
  }

  async #flush(flush: number): Promise<void> {
    const work = this.#stages.begin('repository');
    try {
      await this.#inTurn(() => this.#packs.drain());
      this.#send({ kind: 'flushed', flush, times: work.end() });
    } finally {
      work.end();
    }
  }

  async #read(
    diskNumber: number,
    batch: number,
    blocks: Uint32Array,
    buffer: Uint8Array,
  ): Promise<number | undefined> {
    try {
      const open = this.#disks.get(diskNumber);
      if (!open) throw new Error(`disk ${diskNumber} is not open`);
      return await readBatch(await open.opened(), blocks, this.#blockBytes, buffer, open.signal);
    } catch (error) {
      this.#send({ kind: 'failed', batch, error: toThreadError(error) });
      return undefined;
    }
  }

  /** Fills `ids` and returns the number of zero blocks, whose id is known without hashing. */
  #hash(content: Uint8Array, ids: Uint8Array): number {
    let zeros = 0;
    for (let at = 0, block = 0; at < content.length; at += this.#blockBytes, block++) {
      const plain = content.subarray(at, at + this.#blockBytes);
      const zero = isZero(plain);
      if (zero) zeros++;
      ids.set(zero ? this.#zeros.idOf(plain.length) : sha256(plain), block * idBytes);
    }
    return zeros;
  }

  async #store(content: Uint8Array, ids: Uint8Array, wanted: Uint8Array) {
    let bytesStored = 0;
    let blocksNew = 0;
    for (let block = 0; block < wanted.length; block++) {
      if (wanted[block] === 0) continue;
      const plain = content.subarray(block * this.#blockBytes, (block + 1) * this.#blockBytes);
      bytesStored += this.#packs.add(ids, block * idBytes, plain) + headerEntryBytes;
      blocksNew++;
      if (this.#packs.isFull) await this.#packs.makeRoom();
    }
    return { bytesStored, blocksNew };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#packing.then(work);
    this.#packing = result.catch(() => undefined);
    return result;
  }

  #break(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#packs.discard().then(() => this.#send({ kind: 'broken', error: toThreadError(error) }));
  }

  #send(message: FromWorker): void {
    this.#port.postMessage(message);
  }
}

const port = parentPort;
if (port) {
  port.once('message', (first: ToWorker) => {
    if (first.kind !== 'set-up') throw new Error(`a worker was told to ${first.kind} before it was set up`);
    const worker = new BackupWorker(port, first);
    port.on('message', (message: Exclude<ToWorker, { kind: 'set-up' }>) => worker.accept(message));
  });
}
