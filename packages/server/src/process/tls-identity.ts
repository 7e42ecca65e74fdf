import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { type Clock, LeewardError } from '@leeward/core';
import { normalFingerprint, writeFileDurably } from '@leeward/platform';
import { localAddresses } from './local-addresses.ts';

/** PEM files of an administrator's own. */
export interface CertificateFiles {
  /** The certificate, and what leads to its authority after it. */
  readonly certificate: string;
  /** Without a passphrase. */
  readonly key: string;
}

/** What the server shows of itself. */
export interface TlsIdentity {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  readonly selfMade: boolean;
  readonly validTo: string;
}

const selfMadeFile = 'https.pem';
const renewBeforeMs = 30 * 86_400_000;

/**
 * The administrator's certificate, or a self-made one: file `https.pem` of the data folder, made at the first start and
 * again a month before it ends. Throws `L-AUT-121`.
 */
export async function tlsIdentity(
  dataFolder: string,
  files: CertificateFiles | undefined,
  clock: Clock,
): Promise<TlsIdentity> {
  if (files) return ownIdentity(files);
  const path = join(dataFolder, selfMadeFile);
  const known = await selfMade(path);
  if (known && Date.parse(known.validTo) > clock.now() + renewBeforeMs) return known;
  const altNames = [...new Set([hostname(), 'localhost', '127.0.0.1', '::1', ...localAddresses()])];
  // Needed once in months, and large.
  const { makeSelfSignedCertificate } = await import('@leeward/platform/tls/self-signed');
  const { certificatePem, keyPem } = await makeSelfSignedCertificate({
    ...{ organisation: 'Leeward', commonName: hostname(), altNames, clock },
  });
  await writeFileDurably(path, `${certificatePem}\n${keyPem}\n`, { mode: 0o600 });
  return identityOf(certificatePem, keyPem, true);
}

async function ownIdentity({ certificate, key }: CertificateFiles): Promise<TlsIdentity> {
  try {
    return identityOf(await readFile(certificate, 'utf8'), await readFile(key, 'utf8'), false);
  } catch (error) {
    throw new LeewardError('L-AUT-121', { certificate, key, reason: reasonOf(error) }, error);
  }
}

/** Undefined where there is none, and for one that is damaged: it holds nothing that could not be made again. */
async function selfMade(path: string): Promise<TlsIdentity | undefined> {
  try {
    const pem = await readFile(path, 'utf8');
    return identityOf(pem, pem, true);
  } catch {
    return undefined;
  }
}

/** Throws when the two do not belong together. */
function identityOf(certificatePem: string, keyPem: string, isSelfMade: boolean): TlsIdentity {
  createSecureContext({ cert: certificatePem, key: keyPem });
  const { fingerprint256, validTo } = new X509Certificate(certificatePem);
  return {
    certificatePem,
    keyPem,
    sha256: normalFingerprint(fingerprint256),
    selfMade: isSelfMade,
    validTo: new Date(validTo).toISOString(),
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
