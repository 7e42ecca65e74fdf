import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { LeewardError } from '@leeward/core';

const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM: `iv ‖ tag ‖ ciphertext`. `id` is bound to it, so that rows cannot be swapped. */
export function seal(key: Buffer, id: string, plain: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(id));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** Throws `L-CFG-113` when the key is another one or the content was changed. */
export function unseal(key: Buffer, id: string, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes))
    .setAAD(Buffer.from(id))
    .setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
  try {
    return decipher.update(sealed.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
  } catch (error) {
    throw new LeewardError('L-CFG-113', { id }, error);
  }
}
