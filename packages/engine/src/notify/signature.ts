import { createHmac } from 'node:crypto';

/**
 * Value of the header `leeward-signature`: `t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256, under the secret of the
 * channel, of the text `SECONDS.BODY`. Who receives it makes the same and compares, and refuses what is too old.
 */
export function signatureOf(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
