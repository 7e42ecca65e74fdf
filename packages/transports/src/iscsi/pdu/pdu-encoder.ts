import type { Crc32c } from './crc32c.ts';
import { headerBytes } from './opcodes.ts';

/** Which digests are in use on a connection, in both directions. */
export interface Digests {
  readonly header: boolean;
  readonly data: boolean;
}

export const noDigests: Digests = { header: false, data: false };

const zeros = Buffer.alloc(4);

/** An empty header with its operation code and flags. */
export function newHeader(opcode: number, flags = 0x80): Buffer {
  const header = Buffer.alloc(headerBytes);
  header[0] = opcode;
  header[1] = flags;
  return header;
}

/** The pieces of one PDU in order of the wire; sets DataSegmentLength in `header`. `data` is not copied. */
export function encodePdu(
  header: Buffer,
  data: Uint8Array | undefined,
  digests: Digests,
  crc32c: Crc32c,
): Uint8Array[] {
  const lengthBytes = data?.length ?? 0;
  header.writeUIntBE(lengthBytes, 5, 3);
  const pieces: Uint8Array[] = [header];
  if (digests.header) pieces.push(digestBytes(crc32c(header)));
  if (!data || lengthBytes === 0) return pieces;
  pieces.push(data);
  const padding = (4 - (lengthBytes & 3)) & 3;
  if (padding > 0) pieces.push(zeros.subarray(0, padding));
  if (digests.data) pieces.push(digestBytes(crc32c(zeros.subarray(0, padding), crc32c(data))));
  return pieces;
}

function digestBytes(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
