/** The fixed blocks of a content held in memory, as views; the last one may be shorter. */
export function* splitBlocks(content: Uint8Array, blockBytes: number): Iterable<Uint8Array> {
  for (let at = 0; at < content.length; at += blockBytes) yield content.subarray(at, at + blockBytes);
}
