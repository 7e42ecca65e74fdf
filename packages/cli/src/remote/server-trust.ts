import { type Trust, usualAuthorities } from '@leeward/platform';
import { readInputFile } from '../commands/read-input-file.ts';

export type ServerTrust = Trust;

/** As the user says it; at most one of them. */
export interface TrustWords {
  /** PEM file of an authority. */
  readonly serverCa?: string | undefined;
  /** SHA-256 of the certificate. */
  readonly serverFingerprint?: string | undefined;
}

/** Undefined where the user says nothing. Throws `L-CFG-103` for a file that cannot be read. */
export async function givenTrust({
  serverCa,
  serverFingerprint,
}: TrustWords): Promise<ServerTrust | undefined> {
  if (serverFingerprint !== undefined) return { kind: 'fingerprint', sha256: serverFingerprint };
  return serverCa === undefined ? undefined : { kind: 'ca', pem: await readInputFile(serverCa) };
}

/** By the authorities that this machine trusts, those that come with Node and those of `NODE_EXTRA_CA_CERTS`. */
export function usualTrust(): ServerTrust {
  return { kind: 'ca', pem: usualAuthorities() };
}
