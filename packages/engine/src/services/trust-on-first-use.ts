import { LeewardError } from '@leeward/core';
import { fetchFingerprint, normalFingerprint, type Trust } from '@leeward/platform';

export interface TrustInput {
  readonly host: string;
  readonly port: number;
  /** SHA-256 that the user has compared. */
  readonly fingerprint?: string | undefined;
  readonly caPem?: string | undefined;
}

/**
 * How the certificate of a new system is verified: as the user says. Without a word from the user nothing is
 * trusted: `L-CFG-105` shows the fingerprint, to be compared and given back.
 */
export async function trustFor(input: TrustInput): Promise<Trust> {
  if (input.caPem !== undefined) return { kind: 'ca', pem: input.caPem };
  if (input.fingerprint !== undefined)
    return { kind: 'fingerprint', sha256: normalFingerprint(input.fingerprint) };
  const fingerprint = await seenFingerprint(input);
  throw new LeewardError('L-CFG-105', { host: `${input.host}:${input.port}`, fingerprint });
}

async function seenFingerprint({ host, port }: TrustInput): Promise<string> {
  try {
    return await fetchFingerprint(host, port);
  } catch (error) {
    throw new LeewardError('L-CFG-106', { host: `${host}:${port}`, reason: reasonOf(error) }, error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
