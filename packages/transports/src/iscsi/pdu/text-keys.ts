import { PduError } from './pdu-error.ts';

export type KeyPair = readonly [key: string, value: string];

const maxKeyBytes = 63;
const maxValueBytes = 8192;
const maxPairs = 4096;

/** The text of several PDUs that belong together may not be longer than this. */
export const maxTextBytes = 256 * 1024;

/** `key=value` pairs in their order; throws `PduError` on anything else. */
export function parseTextKeys(bytes: Uint8Array): KeyPair[] {
  const pairs: KeyPair[] = [];
  for (const entry of Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('utf8')
    .split('\0')) {
    if (entry === '') continue;
    const split = entry.indexOf('=');
    if (split < 1 || split > maxKeyBytes) throw new PduError('text that is no list of keys and values');
    const value = entry.slice(split + 1);
    if (value.length > maxValueBytes) throw new PduError('a text value that is too long');
    pairs.push([entry.slice(0, split), value]);
    if (pairs.length > maxPairs) throw new PduError('too many text keys');
  }
  return pairs;
}

/** As `parseTextKeys`, where each key may come once. */
export function parseUniqueKeys(bytes: Uint8Array): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [key, value] of parseTextKeys(bytes)) {
    if (keys.has(key)) throw new PduError(`the text key ${key} twice`);
    keys.set(key, value);
  }
  return keys;
}

export function encodeTextKeys(pairs: Iterable<KeyPair>): Buffer {
  let text = '';
  for (const [key, value] of pairs) text += `${key}=${value}\0`;
  return Buffer.from(text, 'utf8');
}

/** A numerical value, decimal or hexadecimal, within bounds; throws `PduError` otherwise. */
export function textNumber(key: string, value: string, least: number, most: number): number {
  const number = /^(0[xX][0-9a-fA-F]{1,8}|\d{1,10})$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most)) throw new PduError(`${key}=${value.slice(0, 40)}`);
  return number;
}
