import { Worker } from 'node:worker_threads';
import { LeewardError } from '@leeward/core';
import { siblingModule } from '@leeward/platform/files/sibling-module';
import type { BackupWorkerData, FromWorker, ToWorker } from '../worker/messages.ts';

/** Batches that a worker holds at once: one read, one asked about, one packed. */
const maxBatches = 3;

/** One worker thread as the coordinator sees it. */
export class WorkerHandle {
  readonly #worker: Worker;
  readonly #openDisks = new Set<number>();
  #batches = 0;
  #hasPacked = false;
  #stopping = false;

  constructor(
    workerData: BackupWorkerData,
    onMessage: (message: FromWorker) => void,
    onLost: (error: LeewardError) => void,
  ) {
    this.#worker = new Worker(siblingModule(import.meta.url, '../worker/backup-worker'), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: 3, maxOldGenerationSizeMb: 256 },
    });
    this.#worker.on('message', onMessage);
    this.#worker.on('error', (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      onLost(new LeewardError('L-REP-128', { reason }, error));
    });
    this.#worker.on('exit', (code) => {
      if (!this.#stopping) onLost(new LeewardError('L-REP-128', { reason: `exit code ${code}` }));
    });
  }

  get hasRoom(): boolean {
    return this.#batches < maxBatches;
  }

  get batches(): number {
    return this.#batches;
  }

  /** Whether it may hold blobs in an open pack. */
  get mayHoldBlobs(): boolean {
    return this.#hasPacked;
  }

  hasOpen(disk: number): boolean {
    return this.#openDisks.has(disk);
  }

  send(message: ToWorker): void {
    if (message.kind === 'open') this.#openDisks.add(message.disk);
    if (message.kind === 'close') this.#openDisks.delete(message.disk);
    if (message.kind === 'batch') this.#batches++;
    if (message.kind === 'answer') this.#hasPacked = true;
    if (message.kind === 'flush') this.#hasPacked = false;
    this.#worker.postMessage(message);
  }

  batchEnded(): void {
    this.#batches--;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#worker.terminate();
  }
}
