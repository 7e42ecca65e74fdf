import type { Clock, Randomness } from '@leeward/core';
import type { BlobIndex, BlobWriter, IndexWriter, Repository } from '@leeward/repository';
import type { WorkerPool } from './worker-pool.ts';

/** What all disks of a session share. */
export interface SessionContext {
  readonly repository: Repository;
  readonly index: BlobIndex;
  readonly indexWriter: IndexWriter;
  readonly blobs: BlobWriter;
  readonly pool: WorkerPool;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Makes what is durable now known to index and recipes; also waits for a checkpoint under way. */
  readonly checkpoint: () => Promise<void>;
  /** The id of so many zero bytes; that block is stored, or being stored, when it resolves. */
  readonly storedZeros: (bytes: number) => Promise<Uint8Array>;
}
