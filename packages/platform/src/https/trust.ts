import { connect } from 'node:tls';
import { z } from 'zod';

/**
 * How the certificate of a foreign system is verified. There is no way to switch verification off.
 * - `ca`: by a certificate authority: `pem` (one or more certificates), or the system's store without it;
 * - `fingerprint`: the leaf certificate must have this SHA-256 (hex, colons and case do not matter).
 */
export const trustSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ca'), pem: z.string().optional() }),
  z.object({ kind: z.literal('fingerprint'), sha256: z.string() }),
]);

export type Trust = z.infer<typeof trustSchema>;

export function normalFingerprint(text: string): string {
  return text.replace(/[^0-9a-fA-F]/g, '').toLowerCase();
}

/** Of a certificate, as in `normalFingerprint`. */
export interface Fingerprints {
  /** Only to compare with what old systems tell; never to trust by. */
  readonly sha1: string;
  readonly sha256: string;
}

/** The SHA-256 of the certificate that a server shows, to be confirmed by the user on first use. */
export async function fetchFingerprint(host: string, port: number, timeoutMs = 10_000): Promise<string> {
  return (await fetchFingerprints(host, port, timeoutMs)).sha256;
}

/** Of the certificate that a server shows; nothing of it is verified. */
export function fetchFingerprints(host: string, port: number, timeoutMs = 10_000): Promise<Fingerprints> {
  return new Promise((resolve, reject) => {
    const servername = /^[\d.:]+$/.test(host) ? '' : host;
    const socket = connect({ host, port, servername, rejectUnauthorized: false, timeout: timeoutMs });
    socket.once('secureConnect', () => {
      const { fingerprint, fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      resolve({ sha1: normalFingerprint(fingerprint), sha256: normalFingerprint(fingerprint256) });
    });
    socket.once('timeout', () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    socket.once('error', reject);
  });
}
