import { createHash, timingSafeEqual } from 'node:crypto';
import type { Randomness } from '@leeward/core';
import { PduError } from '../pdu/pdu-error.ts';

export type ChapAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha3-256';

/** Numbers of CHAP_A (IANA registry of PPP authentication algorithms). */
const numbers: ReadonlyMap<number, ChapAlgorithm> = new Map([
  [5, 'md5'],
  [6, 'sha1'],
  [7, 'sha256'],
  [8, 'sha3-256'],
]);

/** What is offered and accepted unless told otherwise, best first. */
export const defaultChapAlgorithms: readonly ChapAlgorithm[] = ['sha256', 'md5'];

const challengeBytes = 32;

export interface ChapQuestion {
  readonly identifier: number;
  readonly challenge: Uint8Array;
}

export function newQuestion(randomness: Randomness): ChapQuestion {
  return { identifier: randomness.bytes(1)[0] ?? 0, challenge: randomness.bytes(challengeBytes) };
}

export function chapNumber(algorithm: ChapAlgorithm): number {
  for (const [number, name] of numbers) if (name === algorithm) return number;
  return 5;
}

export function chapAlgorithm(number: number): ChapAlgorithm | undefined {
  return numbers.get(number);
}

/** The answer to a challenge (RFC 1994): hash of identifier, secret and challenge. */
export function chapResponse(
  algorithm: ChapAlgorithm,
  identifier: number,
  secret: string,
  challenge: Uint8Array,
): Buffer {
  return createHash(algorithm)
    .update(Uint8Array.of(identifier))
    .update(secret, 'utf8')
    .update(challenge)
    .digest();
}

/** Compares without telling by its time where they differ. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

const maxBinaryBytes = 1024;

export function encodeBinary(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

/** A binary value, `0x` hexadecimal or `0b` base64; throws `PduError` otherwise. */
export function decodeBinary(key: string, text: string): Buffer {
  const bytes = decoded(text);
  if (!bytes || bytes.length === 0 || bytes.length > maxBinaryBytes)
    throw new PduError(`${key} that is no binary value`);
  return bytes;
}

function decoded(text: string): Buffer | undefined {
  const body = text.slice(2);
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return Buffer.from(body.length % 2 === 0 ? body : `0${body}`, 'hex');
  if (/^0[bB][0-9a-zA-Z+/]+={0,2}$/.test(text)) return Buffer.from(body, 'base64');
  return undefined;
}
