import { LeewardError } from '@leeward/core';

/** Most bytes that a descriptor of VMware's has. */
export const maxDescriptorBytes = 64 * 1024;

const disks = [
  { magic: [0x4b, 0x44, 0x4d, 0x56], name: 'it is sparse disk data (KDMV)' },
  { magic: [0x43, 0x4f, 0x57, 0x44], name: 'it is the data of a delta disk (COWD)' },
  { magic: [0xbe, 0xba, 0xfe, 0xca], name: 'it is the data of a delta disk (SEsparse)' },
];

/** What a data file is, by its first bytes; undefined for what may be a descriptor. */
export function dataFileKind(bytes: Uint8Array): string | undefined {
  return disks.find(({ magic }) => magic.every((byte, at) => bytes[at] === byte))?.name;
}

/**
 * The text of a descriptor file: bounded, decoded by its own `encoding=` line (UTF-8 without one), without a
 * byte order mark and without the zeros that pad embedded descriptors. Throws `L-FMT-101`, `-102`, `-104`.
 */
export function descriptorText(bytes: Uint8Array, file: string, limitBytes: number): string {
  const reason = dataFileKind(bytes);
  if (reason) throw new LeewardError('L-FMT-101', { file, reason });
  if (bytes.length > limitBytes)
    throw new LeewardError('L-FMT-102', { file, sizeBytes: bytes.length, limitBytes });
  const content = withoutPadding(bytes);
  if (content.includes(0)) throw new LeewardError('L-FMT-101', { file, reason: 'it has zero bytes in it' });
  return decode(content, file);
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

function decode(content: Uint8Array, file: string): string {
  const raw = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  const encoding = /^[ \t]*encoding[ \t]*=[ \t]*"?([^"\r\n]*)/im.exec(raw)?.[1]?.trim() || 'UTF-8';
  try {
    // The line was found by reading bytes as ASCII, so an encoding that is not a superset of it is a lie.
    if (/^utf-?(16|32)/i.test(encoding)) throw new RangeError('not a superset of ASCII');
    return new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch (error) {
    throw new LeewardError('L-FMT-104', { file, encoding }, error);
  }
}
