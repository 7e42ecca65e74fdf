import { idBytes } from '../crypto/sha256.ts';
import type { BlobType, PackedBlob } from './pack-header.ts';

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

export function packContentOf(
  packId: string,
  sizeBytes: number,
  type: BlobType,
  blobs: readonly PackedBlob[],
): PackContent {
  const ids = Buffer.from(new ArrayBuffer(blobs.length * idBytes));
  const places = new Uint32Array(blobs.length * 3);
  blobs.forEach((blob, index) => {
    ids.write(blob.id, index * idBytes, 'hex');
    places.set([blob.offsetBytes, blob.storedBytes, blob.plainBytes ?? 0], index * 3);
  });
  return { packId, sizeBytes, type, count: blobs.length, ids, places };
}
