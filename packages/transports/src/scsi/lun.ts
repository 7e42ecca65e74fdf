/** Largest LUN of flat space addressing. */
export const maxLun = 16_383;

/** The eight bytes of a LUN (SAM-5, 4.7): peripheral device addressing below 256, flat space above. */
export function encodeLun(lun: number): Uint8Array {
  if (!Number.isInteger(lun) || lun < 0 || lun > maxLun) throw new RangeError(`LUN ${lun}`);
  const bytes = new Uint8Array(8);
  bytes[0] = lun < 256 ? 0 : 0x40 | (lun >> 8);
  bytes[1] = lun & 0xff;
  return bytes;
}

/** The number of a LUN in peripheral (bus 0) or flat space addressing; `undefined` for other kinds. */
export function decodeLun(bytes: Uint8Array): number | undefined {
  const first = bytes[0] ?? 0;
  const second = bytes[1] ?? 0;
  if (bytes.length < 8 || bytes.subarray(2, 8).some((byte) => byte !== 0)) return undefined;
  if (first === 0) return second;
  return first >> 6 === 1 ? ((first & 0x3f) << 8) | second : undefined;
}
