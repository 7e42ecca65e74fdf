import { Worker } from 'node:worker_threads';
import { bounded, type Clock, LeewardError } from '@leeward/core';
import { siblingModule } from '@leeward/platform/files/sibling-module';
import type { FromWorker, ToWorker, WorkerSetUp } from '../worker/messages.ts';

/** Batches that a worker holds at once: one read, one asked about, one packed. */
const maxBatches = 3;
const endTimeoutMs = 5_000;

export interface WorkerListener {
  onMessage(message: FromWorker): void;
  /** The thread ended without being asked to. */
  onLost(error: LeewardError): void;
}

/** One worker thread as the coordinator sees it. It loads its code at once and works once it is set up. */
export class WorkerHandle {
  readonly #worker: Worker;
  readonly #openDisks = new Set<number>();
  #listener: WorkerListener | undefined;
  #lost: LeewardError | undefined;
  #batches = 0;
  /** Batches that it was told to store, and how many of these are known to be durable. */
  #answered = 0;
  #durable = 0;
  readonly #flushes = new Map<number, number>();
  #stopping = false;

  constructor() {
    this.#worker = new Worker(siblingModule(import.meta.url, '../worker/backup-worker'), {
      resourceLimits: { maxYoungGenerationSizeMb: 3, maxOldGenerationSizeMb: 256 },
    });
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind === 'flushed') this.#flushed(message.flush);
      this.#listener?.onMessage(message);
    });
    this.#worker.on('error', (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#lose(new LeewardError('L-REP-128', { reason }, error));
    });
    this.#worker.on('exit', (code) => {
      if (!this.#stopping) this.#lose(new LeewardError('L-REP-128', { reason: `exit code ${code}` }));
    });
  }

  setUp(setUp: WorkerSetUp, listener: WorkerListener): void {
    this.#listener = listener;
    if (this.#lost) listener.onLost(this.#lost);
    this.#worker.postMessage({ kind: 'set-up', ...setUp } satisfies ToWorker);
  }

  get hasRoom(): boolean {
    return this.#batches < maxBatches;
  }

  get batches(): number {
    return this.#batches;
  }

  /** Whether it may hold blobs in a pack that is not durable; also while a flush is under way. */
  get mayHoldBlobs(): boolean {
    return this.#durable < this.#answered;
  }

  hasOpen(disk: number): boolean {
    return this.#openDisks.has(disk);
  }

  send(message: ToWorker): void {
    if (message.kind === 'open') this.#openDisks.add(message.disk);
    if (message.kind === 'close') this.#openDisks.delete(message.disk);
    if (message.kind === 'batch') this.#batches++;
    if (message.kind === 'answer') this.#answered++;
    if (message.kind === 'flush') this.#flushes.set(message.flush, this.#answered);
    this.#worker.postMessage(message);
  }

  batchEnded(): void {
    this.#batches--;
  }

  /** One that may have an open pack is let to give it up, so that no half written file stays in the repository. */
  async stop(clock: Clock): Promise<void> {
    this.#stopping = true;
    if (this.mayHoldBlobs && !this.#lost) {
      const ended = new Promise((resolve) => this.#worker.once('exit', resolve));
      this.send({ kind: 'end' });
      const bound = { name: 'the end of a worker thread', timeoutMs: endTimeoutMs };
      await bounded(clock, bound, () => ended).catch(() => undefined);
    }
    await this.#worker.terminate();
  }

  #flushed(flush: number): void {
    this.#durable = Math.max(this.#durable, this.#flushes.get(flush) ?? 0);
    this.#flushes.delete(flush);
  }

  #lose(error: LeewardError): void {
    this.#lost ??= error;
    this.#listener?.onLost(error);
  }
}
