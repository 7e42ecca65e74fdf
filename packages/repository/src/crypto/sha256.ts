import { hash } from 'node:crypto';

/** Names and ids of a repository are SHA-256. */
export const idBytes = 32;

const idPattern = /^[0-9a-f]{64}$/;

export function sha256(content: Uint8Array): Uint8Array {
  return hash('sha256', content, 'buffer');
}

export function sha256Hex(content: Uint8Array): string {
  return hash('sha256', content, 'hex');
}

/** Whether `text` is a name or id in its only valid form: 64 lower-case hex digits. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && idPattern.test(text);
}

export function idToHex(ids: Uint8Array, at = 0): string {
  return Buffer.from(ids.buffer, ids.byteOffset + at, idBytes).toString('hex');
}

export function idFromHex(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}
