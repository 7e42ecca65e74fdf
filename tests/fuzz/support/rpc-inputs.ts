import fc from 'fast-check';

export const word = fc.oneof(fc.nat(3), fc.nat(100), fc.nat(0xffff_ffff));
const smallWord = fc.oneof(fc.nat(1), fc.nat(1), fc.nat(1), fc.nat(300));

/** Bytes with many small words, so that lengths and booleans are often plausible; without `size` ten at most. */
export const wireBytes = fc
  .oneof(fc.array(word, { maxLength: 60, size: 'max' }), fc.array(smallWord, { maxLength: 90, size: 'max' }))
  .chain((words) => fc.tuple(fc.constant(words), fc.oneof(fc.constant(0), fc.nat(3))))
  .map(([words, cut]) => {
    const bytes = Buffer.alloc(words.length * 4);
    for (const [index, value] of words.entries()) bytes.writeUInt32BE(value, index * 4);
    return bytes.subarray(0, Math.max(0, bytes.length - cut));
  });

/** A record in so many fragments. */
export function framed(record: Uint8Array, fragments = 1): Buffer {
  const size = Math.ceil(record.length / fragments);
  return Buffer.concat(
    Array.from({ length: fragments }, (_, index) => {
      const content = record.subarray(index * size, (index + 1) * size);
      const mark = Buffer.alloc(4);
      mark.writeUInt32BE(((index === fragments - 1 ? 0x8000_0000 : 0) | content.length) >>> 0);
      return Buffer.concat([mark, content]);
    }),
  );
}
