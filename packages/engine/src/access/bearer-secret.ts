import { createHash, timingSafeEqual } from 'node:crypto';
import type { Randomness } from '@leeward/core';

const secretBytes = 32;

/** 256 random bits as text that fits into headers and links. */
export function newBearerSecret(randomness: Randomness, prefix = ''): string {
  return prefix + Buffer.from(randomness.bytes(secretBytes)).toString('base64url');
}

/** What is kept of such a secret. It needs no salt and no slow hash: there is nothing to guess. */
export function bearerHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Another secret that follows from it and does not lead back to it. */
export function derivedSecret(secret: string, purpose: string): string {
  return createHash('sha256').update(`${purpose}:${secret}`).digest('base64url');
}

/** Takes as long for any two texts of one length. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(
    createHash('sha256').update(one).digest(),
    createHash('sha256').update(other).digest(),
  );
}
