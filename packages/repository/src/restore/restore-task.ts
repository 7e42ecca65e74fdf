import type { ThreadError } from '../threads/thread-errors.ts';

/**
 * One range of one pack and where its blobs go. `places` has four numbers a blob: offset in the range, stored
 * length, plain length (0 when not compressed), number of targets; `targets` two a target: index in `files`, position.
 */
export interface RestoreTask {
  readonly packId: string;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly ids: Uint8Array;
  readonly places: Uint32Array;
  readonly targets: Float64Array;
  readonly files: readonly string[];
}

/** A blob that could not be read here; another copy may help. */
export interface FailedBlob {
  /** Number of the blob in its task. */
  readonly blob: number;
  readonly error: ThreadError;
}

export type RestoreAnswer =
  | { readonly kind: 'done'; readonly bytesWritten: number; readonly failed: readonly FailedBlob[] }
  | { readonly kind: 'error'; readonly error: ThreadError };

export interface RestoreWorkerData {
  readonly locator: import('../backend/backend.ts').BackendLocator;
  /** Flat master keys. */
  readonly keys: Uint8Array;
}
