/** A 64-bit unsigned integer; `Infinity` where a JavaScript number cannot hold it exactly, so that range checks fail. */
export function readU64(bytes: Buffer, offset: number): number {
  const high = bytes.readUInt32LE(offset + 4);
  return high > 0x1fffff ? Number.POSITIVE_INFINITY : high * 2 ** 32 + bytes.readUInt32LE(offset);
}

export function isPowerOfTwo(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0 && Number.isInteger(Math.log2(value));
}
