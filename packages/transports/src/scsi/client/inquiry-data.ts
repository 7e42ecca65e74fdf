import { ScsiDataError } from './scsi-data-error.ts';

export interface StandardInquiry {
  /** 0: a device is there, 1: could be, 3: cannot be. */
  readonly qualifier: number;
  /** 0: direct access. */
  readonly deviceType: number;
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
}

/** Limits of one command (VPD page 0xB0); 0 means that none is told. */
export interface BlockLimits {
  readonly maxTransferBlocks: number;
  readonly optimalTransferBlocks: number;
}

export function parseStandardInquiry(bytes: Uint8Array): StandardInquiry {
  if (bytes.length < 36) throw new ScsiDataError(`standard inquiry data of ${bytes.length} bytes`);
  const first = bytes[0] ?? 0;
  return {
    qualifier: first >> 5,
    deviceType: first & 0x1f,
    vendor: asciiText(bytes.subarray(8, 16)),
    product: asciiText(bytes.subarray(16, 32)),
    revision: asciiText(bytes.subarray(32, 36)),
  };
}

/** The body of a page of vital product data; throws when it is another page or cut off. */
export function pageBody(page: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length < 4 || bytes[1] !== page) throw new ScsiDataError(`no VPD page 0x${page.toString(16)}`);
  const lengthBytes = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
  return bytes.subarray(4, Math.min(bytes.length, 4 + lengthBytes));
}

export function parseSupportedPages(bytes: Uint8Array): ReadonlySet<number> {
  return new Set(pageBody(0x00, bytes));
}

export function parseSerialNumber(bytes: Uint8Array): string | undefined {
  return asciiText(pageBody(0x80, bytes)) || undefined;
}

export function parseBlockLimits(bytes: Uint8Array): BlockLimits {
  const body = pageBody(0xb0, bytes);
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const word = (at: number) => (body.length >= at + 4 ? view.getUint32(at) : 0);
  return { maxTransferBlocks: word(4), optimalTransferBlocks: word(8) };
}

/** Printable ASCII without blanks at both ends; other bytes become `?`. */
export function asciiText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  let text = '';
  for (const byte of end < 0 ? bytes : bytes.subarray(0, end))
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?';
  return text.trim();
}
