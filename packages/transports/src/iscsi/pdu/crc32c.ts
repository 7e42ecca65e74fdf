/**
 * Computes CRC32C (Castagnoli) over `bytes`, going on from `before` (the value of the bytes so far, 0 at the
 * start). Returns an unsigned 32-bit integer.
 */
export type Crc32c = (bytes: Uint8Array, before?: number) => number;

const polynomial = 0x82f63b78;
const lanes = 8;
const tables = makeTables();

function makeTables(): Int32Array {
  const made = new Int32Array(lanes * 256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? polynomial : 0);
    made[byte] = value;
  }
  for (let at = 256; at < made.length; at++) {
    const lower = made[at - 256] as number;
    made[at] = (lower >>> 8) ^ (made[lower & 0xff] as number);
  }
  return made;
}

/** Eight bytes a step by eight tables; about 1 GB/s a core. */
export const crc32c: Crc32c = (bytes, before = 0) => {
  const t = tables;
  let crc = ~before;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    const low =
      crc ^
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24));
    crc =
      (t[0x700 | (low & 0xff)] as number) ^
      (t[0x600 | ((low >>> 8) & 0xff)] as number) ^
      (t[0x500 | ((low >>> 16) & 0xff)] as number) ^
      (t[0x400 | (low >>> 24)] as number) ^
      (t[0x300 | (bytes[at + 4] as number)] as number) ^
      (t[0x200 | (bytes[at + 5] as number)] as number) ^
      (t[0x100 | (bytes[at + 6] as number)] as number) ^
      (t[bytes[at + 7] as number] as number);
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ (t[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return ~crc >>> 0;
};
