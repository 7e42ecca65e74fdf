import { createHash } from 'node:crypto';
import { chunkBytes } from './chunk-store.ts';
import type { FileMap } from './file-map.ts';

/** Bytes that depend on the seed and the place only (xorshift), in pieces of a chunk. */
export function* repeatableContent(
  seed: number,
  lengthBytes: number,
): Generator<{ readonly at: number; readonly bytes: Uint8Array }> {
  let state = seed >>> 0 || 1;
  for (let at = 0; at < lengthBytes; at += chunkBytes) {
    const length = Math.min(chunkBytes, lengthBytes - at);
    const part = new Uint32Array(Math.ceil(length / 4));
    for (let word = 0; word < part.length; word++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      part[word] = state;
    }
    yield { at, bytes: new Uint8Array(part.buffer, 0, length) };
  }
}

export interface DigestRange {
  readonly offsetBytes: number;
  /** Absent: to the end. */
  readonly lengthBytes?: number | undefined;
}

/** SHA-256, in hex, of a part of what a map of `sizeBytes` holds. */
export function digestOf(map: FileMap, sizeBytes: number, range: DigestRange): string {
  const { offsetBytes, lengthBytes = sizeBytes } = range;
  const end = Math.min(sizeBytes, offsetBytes + lengthBytes);
  const hash = createHash('sha256');
  const part = Buffer.alloc(16 * chunkBytes);
  for (let at = offsetBytes; at < end; at += part.length) {
    const piece = part.subarray(0, Math.min(part.length, end - at));
    map.read(at, piece);
    hash.update(piece);
  }
  return hash.digest('hex');
}
