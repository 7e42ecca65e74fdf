import { addStageTimes, type Clock, type StageTimes } from '@leeward/core';
import { fromThreadError, type PackContent } from '@leeward/repository';
import type { DiskSource } from '../disk/disk-source.ts';
import type { BatchFigures, FromWorker, WorkerSetUp } from '../worker/messages.ts';
import type { WorkerHandle } from './worker-handle.ts';

export interface PoolOptions {
  readonly clock: Clock;
  /** The pool ends them. */
  readonly workers: readonly WorkerHandle[];
  readonly setUp: Omit<WorkerSetUp, 'reader'>;
  /** Workers read and hash at once, but nothing is stored before this resolves; when it rejects, the pool breaks. */
  readonly ready: Promise<unknown>;
  /** Which of these blocks (ids, 32 bytes each) nobody has stored yet: the worker that asks MUST store them. */
  readonly claim: (ids: Uint8Array) => Uint8Array;
  readonly onPack: (pack: PackContent) => void;
}

export interface BatchDone extends BatchFigures {
  readonly ids: Uint8Array;
  readonly zeros: number;
  readonly times: StageTimes;
}

interface OpenBatch {
  readonly worker: WorkerHandle;
  readonly resolve: (done: BatchDone) => void;
  readonly reject: (error: unknown) => void;
  hashed?: { readonly ids: Uint8Array; readonly zeros: number };
}

interface PoolDisk {
  readonly source: DiskSource;
  readonly bytesPerSecond: number | undefined;
}

/**
 * The workers of a session. Disks share them batch by batch, in the order of asking. A source that fails costs its disk; a repository that fails breaks the pool for all.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #disks = new Map<number, PoolDisk>();
  readonly #batches = new Map<number, OpenBatch>();
  readonly #flushes = new Map<
    number,
    { resolve: (times: StageTimes) => void; reject: (error: unknown) => void }
  >();
  readonly #waiting: { resolve: (worker: WorkerHandle) => void; reject: (error: unknown) => void }[] = [];
  #next = 1;
  #isReady = false;
  #broken: unknown;

  constructor(options: PoolOptions) {
    this.#options = options;
    const { workers, setUp, ready } = options;
    for (const [reader, worker] of workers.entries()) {
      worker.setUp(
        { ...setUp, reader },
        {
          onMessage: (message) => this.#onMessage(worker, message),
          onLost: (error) => this.#break(error),
        },
      );
    }
    ready.then(
      () => {
        this.#isReady = true;
      },
      (error: unknown) => this.#break(error),
    );
  }

  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  get #workers(): readonly WorkerHandle[] {
    return this.#options.workers;
  }

  addDisk(source: DiskSource, limitBytesPerSecond: number | undefined): number {
    const disk = this.#next++;
    const share = this.#workers.length;
    const bytesPerSecond = limitBytesPerSecond === undefined ? undefined : limitBytesPerSecond / share;
    this.#disks.set(disk, { source, bytesPerSecond });
    return disk;
  }

  /** Ends what is read of the disk; its batches in flight fail or end. */
  closeDisk(disk: number): void {
    this.#disks.delete(disk);
    for (const worker of this.#workers) if (worker.hasOpen(disk)) worker.send({ kind: 'close', disk });
  }

  /**
   * Hands out a batch as soon as a worker has room, and resolves then; `done` settles when the batch is packed
   * (not yet durable) or its source failed.
   */
  async submit(disk: number, blocks: Uint32Array): Promise<{ readonly done: Promise<BatchDone> }> {
    const worker = await this.#workerWithRoom();
    const known = this.#disks.get(disk);
    if (!known) throw new Error(`disk ${disk} was closed`);
    if (!worker.hasOpen(disk)) worker.send({ kind: 'open', disk, ...known });
    const batch = this.#next++;
    const done = new Promise<BatchDone>((resolve, reject) => {
      this.#batches.set(batch, { worker, resolve, reject });
    });
    done.catch(() => undefined);
    worker.send({ kind: 'batch', disk, batch, blocks });
    return { done };
  }

  /** Every block of every batch that is done is in a durable pack when it resolves. Returns what that took. */
  async flush(): Promise<StageTimes> {
    if (this.#broken) throw this.#broken;
    const holders = this.#workers.filter((worker) => worker.mayHoldBlobs);
    const all = await Promise.all(
      holders.map((worker) => {
        const flush = this.#next++;
        return new Promise<StageTimes>((resolve, reject) => {
          this.#flushes.set(flush, { resolve, reject });
          worker.send({ kind: 'flush', flush });
        });
      }),
    );
    return addStageTimes(all);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop(this.#options.clock)));
  }

  #workerWithRoom(): WorkerHandle | Promise<WorkerHandle> {
    if (this.#broken) throw this.#broken;
    const [freest] = this.#workers.filter((worker) => worker.hasRoom).sort((a, b) => a.batches - b.batches);
    if (freest) return freest;
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #onMessage(worker: WorkerHandle, message: FromWorker): void {
    switch (message.kind) {
      case 'hashed': {
        const { batch, ids, zeros } = message;
        const open = this.#batches.get(batch);
        if (open) open.hashed = { ids, zeros };
        const answer = () => worker.send({ kind: 'answer', batch, wanted: this.#options.claim(ids) });
        if (this.#isReady) answer();
        else this.#options.ready.then(answer, () => undefined);
        return;
      }
      case 'stored': {
        const open = this.#endBatch(worker, message.batch);
        if (open?.hashed) open.resolve({ ...open.hashed, ...message.figures, times: message.times });
        return;
      }
      case 'failed':
        this.#endBatch(worker, message.batch)?.reject(fromThreadError(message.error));
        return;
      case 'pack':
        this.#options.onPack(message.pack);
        return;
      case 'flushed':
        this.#flushes.get(message.flush)?.resolve(message.times);
        this.#flushes.delete(message.flush);
        return;
      case 'broken':
        this.#break(fromThreadError(message.error));
    }
  }

  #endBatch(worker: WorkerHandle, batch: number): OpenBatch | undefined {
    const open = this.#batches.get(batch);
    this.#batches.delete(batch);
    worker.batchEnded();
    this.#waiting.shift()?.resolve(worker);
    return open;
  }

  #break(error: unknown): void {
    this.#broken ??= error;
    for (const open of this.#batches.values()) open.reject(this.#broken);
    for (const flush of this.#flushes.values()) flush.reject(this.#broken);
    for (const waiting of this.#waiting) waiting.reject(this.#broken);
    this.#batches.clear();
    this.#flushes.clear();
    this.#waiting.length = 0;
  }
}
