import type { BlobType } from './pack-header.ts';

/**
 * What a finished pack holds, in flat arrays that pass between threads without copies. `places` has three numbers a
 * blob: offset, stored length, plain length (0 when not compressed); `ids` 32 bytes a blob.
 */
export interface PackContent {
  readonly packId: string;
  readonly sizeBytes: number;
  readonly type: BlobType;
  readonly count: number;
  readonly ids: Uint8Array<ArrayBuffer>;
  readonly places: Uint32Array<ArrayBuffer>;
}
