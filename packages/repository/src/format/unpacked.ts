import type { Codec } from '../codec/codec.ts';

/** First byte of a compressed plain text of version 2. */
const compressedMark = 2;
const [openBrace, openBracket] = [0x7b, 0x5b];

/** Plain text of an index, snapshot or lock as it is sealed: one byte 2, then zstd. */
export function wrapUnpacked(json: Uint8Array, codec: Codec): Uint8Array {
  const compressed = codec.compress(json);
  const wrapped = new Uint8Array(1 + compressed.length);
  wrapped[0] = compressedMark;
  wrapped.set(compressed, 1);
  return wrapped;
}

/** The reverse; plain JSON passes as it is. Throws when it is neither. */
export function unwrapUnpacked(plain: Uint8Array, codec: Codec): Uint8Array {
  const first = plain[0];
  if (first === openBrace || first === openBracket) return plain;
  if (first !== compressedMark) throw new Error(`unknown encoding ${first}`);
  return codec.decompress(plain.subarray(1));
}
