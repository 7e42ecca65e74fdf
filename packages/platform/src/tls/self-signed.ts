import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Clock, Randomness } from '@leeward/core';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { systemRandomness } from '../randomness/system-randomness.ts';

export interface SelfSignedOptions {
  readonly organisation: string;
  readonly commonName: string;
  /** DNS names and IP addresses that the certificate is valid for. */
  readonly altNames: readonly string[];
  readonly clock: Clock;
  /** Source of the serial number; the key itself always comes from the platform's cryptography. */
  readonly randomness?: Randomness;
  /** Default 825. */
  readonly validDays?: number;
}

export interface SelfSignedCertificate {
  readonly keyPem: string;
  readonly certificatePem: string;
  /** SHA-256 of the certificate (DER): 64 lower-case hex digits. */
  readonly sha256: string;
}

const dayMs = 86_400_000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** An ECDSA P-256 server certificate that is its own CA, as appliances ship it; valid from an hour ago. */
export async function makeSelfSignedCertificate(options: SelfSignedOptions): Promise<SelfSignedCertificate> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const startMs = options.clock.now() - dayMs / 24;
  const serial = Buffer.from((options.randomness ?? systemRandomness).bytes(16)).toString('hex');
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: `40${serial}`,
    name: [{ O: [options.organisation] }, { CN: [options.commonName] }],
    notBefore: new Date(startMs),
    notAfter: new Date(startMs + (options.validDays ?? 825) * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        options.altNames.map((value) => ({
          type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
          value,
        })),
      ),
    ],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    keyPem: PemConverter.encode(key, PemConverter.PrivateKeyTag),
    certificatePem: certificate.toString('pem'),
    sha256: createHash('sha256').update(new Uint8Array(certificate.rawData)).digest('hex'),
  };
}
