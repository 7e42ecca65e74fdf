import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Compression of blobs and files; one per thread. Output is a view that the caller uses up before the next call. */
export interface Codec {
  compress(plain: Uint8Array): Uint8Array;
  /** Throws when the bytes are not a whole frame or hold more than `plainBytes` (512 MiB when not known). */
  decompress(compressed: Uint8Array, plainBytes?: number): Uint8Array;
}

/** Room for incompressible input plus frame overhead, so that one output buffer always suffices. */
const slackBytes = 1024;
const minimumChunkBytes = 4096;
const unknownMaxBytes = 512 * 1024 * 1024;

/** zstd of node:zlib, level 1 unless told: the best trade on VM disks (datapath.md 2). */
export function zstdCodec(level = 1): Codec {
  const params = { [constants.ZSTD_c_compressionLevel]: level };
  return {
    compress(plain) {
      const chunkSize = Math.max(minimumChunkBytes, plain.length + (plain.length >>> 8) + slackBytes);
      return zstdCompressSync(plain, { params, chunkSize });
    },
    decompress(compressed, plainBytes) {
      if (plainBytes === undefined)
        return zstdDecompressSync(compressed, { maxOutputLength: unknownMaxBytes });
      const chunkSize = Math.max(minimumChunkBytes, plainBytes + slackBytes);
      return zstdDecompressSync(compressed, { chunkSize, maxOutputLength: Math.max(1, plainBytes) });
    },
  };
}
