import { createHash } from 'node:crypto';
import { ownedNamePrefix } from '../../contract/ownership.ts';

const maxLength = 120;

/**
 * Name of a clone (and of its policy and junction) for a presentation: our prefix, then only what volume names
 * may hold. A name that had to be changed gets a digest of the original, so that two never fall together.
 */
export function ownName(requestName: string): string {
  const plain = requestName.startsWith(ownedNamePrefix) ? requestName : `${ownedNamePrefix}${requestName}`;
  if (/^\w+$/.test(plain) && plain.length <= maxLength) return plain;
  const digest = createHash('sha256').update(requestName).digest('hex').slice(0, 12);
  return `${plain.replace(/\W/g, '_').slice(0, maxLength - digest.length - 1)}_${digest}`;
}
