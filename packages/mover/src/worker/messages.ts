import type { StageTimes } from '@leeward/core';
import type { BackendLocator, PackContent, ThreadError } from '@leeward/repository';
import type { DiskSource } from '../disk/disk-source.ts';

/** What a worker needs before anything else. Sent and not given at the start: threads start before keys are known. */
export interface WorkerSetUp {
  readonly locator: BackendLocator;
  /** Flat master keys. */
  readonly keys: Uint8Array;
  readonly blockBytes: number;
  readonly packBytes: number;
  /** Number of the worker: `DiskTools.reader` of the disks that it opens. */
  readonly reader: number;
}

/** Coordinator to worker. `blocks` are block numbers of the disk, ascending, of one batch. */
export type ToWorker =
  | ({ readonly kind: 'set-up' } & WorkerSetUp)
  | {
      readonly kind: 'open';
      readonly disk: number;
      readonly source: DiskSource;
      readonly bytesPerSecond?: number | undefined;
    }
  | { readonly kind: 'batch'; readonly disk: number; readonly batch: number; readonly blocks: Uint32Array }
  | { readonly kind: 'answer'; readonly batch: number; readonly wanted: Uint8Array }
  | { readonly kind: 'flush'; readonly flush: number }
  | { readonly kind: 'close'; readonly disk: number }
  /** Gives up what is not stored and ends the thread. */
  | { readonly kind: 'end' };

/**
 * Worker to coordinator. After `hashed` the coordinator answers which blocks to store (one byte a block); every block
 * that was wanted MUST be stored, or the worker reports `broken`, which ends the session.
 */
export type FromWorker =
  | { readonly kind: 'hashed'; readonly batch: number; readonly ids: Uint8Array; readonly zeros: number }
  | {
      readonly kind: 'stored';
      readonly batch: number;
      readonly figures: BatchFigures;
      readonly times: StageTimes;
    }
  | { readonly kind: 'failed'; readonly batch: number; readonly error: ThreadError }
  | { readonly kind: 'pack'; readonly pack: PackContent }
  | { readonly kind: 'flushed'; readonly flush: number; readonly times: StageTimes }
  | { readonly kind: 'broken'; readonly error: ThreadError };

export interface BatchFigures {
  readonly bytesRead: number;
  readonly bytesStored: number;
  readonly blocksNew: number;
}
