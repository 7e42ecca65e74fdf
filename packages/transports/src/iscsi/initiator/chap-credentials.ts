import { LeewardError } from '@leeward/core';
import type { ChapAlgorithm } from '../login/chap.ts';

/** CHAP of one initiator. Secrets are never shown in errors or logs. */
export interface ChapCredentials {
  readonly user: string;
  readonly secret: string;
  /** What the target must prove in turn. The secret MUST differ from the other one. */
  readonly mutual?: { readonly user: string; readonly secret: string } | undefined;
  /** Offered in this order. Default: SHA-256, then MD5. */
  readonly algorithms?: readonly ChapAlgorithm[] | undefined;
}

const maxLength = 255;

/** Throws `L-BLK-115` when they cannot work or would prove nothing. */
export function checkChap(chap: ChapCredentials | undefined): void {
  if (!chap) return;
  for (const { user, secret } of chap.mutual ? [chap, chap.mutual] : [chap]) {
    if (!isText(user)) throw bad('a CHAP user name must have 1 to 255 characters and no control characters');
    if (!isText(secret)) throw bad('a CHAP secret must have 1 to 255 characters and no control characters');
  }
  if (chap.mutual?.secret === chap.secret) throw bad('the CHAP secrets of both directions are the same');
  if (chap.algorithms?.length === 0) throw bad('no CHAP algorithm is allowed');
}

function isText(text: string): boolean {
  return text.length > 0 && text.length <= maxLength && !/\p{Cc}/u.test(text);
}

function bad(problem: string): LeewardError {
  return new LeewardError('L-BLK-115', { problem });
}
