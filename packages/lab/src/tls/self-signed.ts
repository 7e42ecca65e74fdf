import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { isIP } from 'node:net';
import type { Clock, Randomness } from '@leeward/core';
import { systemRandomness } from '@leeward/platform';
import { bits, der, explicit, integer, octets, oid, sequence, setOf, time, truth, utf8 } from './der.ts';

export interface SelfSignedOptions {
  readonly commonName: string;
  /** DNS names and IPv4 addresses that the certificate is valid for. */
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
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

/**
 * An ECDSA P-256 server certificate that is its own CA, as appliances ship it; valid from an hour ago. Written
 * by hand since the X.509 libraries pull in a global reflection shim.
 */
export async function createSelfSignedCertificate(
  options: SelfSignedOptions,
): Promise<SelfSignedCertificate> {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(
    setOf(sequence(oid('2.5.4.10'), utf8('Leeward lab'))),
    setOf(sequence(oid('2.5.4.3'), utf8(options.commonName))),
  );
  const startMs = options.clock.now() - dayMs / 24;
  const serial = (options.randomness ?? systemRandomness).bytes(16);
  const certificateBody = sequence(
    explicit(0, integer(2)),
    integer(0x40, ...serial),
    ecdsaWithSha256,
    name,
    sequence(time(startMs), time(startMs + (options.validDays ?? 825) * dayMs)),
    name,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, extensions(options.altNames)),
  );
  const signature = sign('sha256', certificateBody, keys.privateKey);
  const certificate = sequence(certificateBody, ecdsaWithSha256, bits(signature));
  return {
    keyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: pem('CERTIFICATE', certificate),
    sha256: createHash('sha256').update(certificate).digest('hex'),
  };
}

function extensions(altNames: readonly string[]): Buffer {
  const digitalSignatureAndCertSign = Buffer.from([0b1000_0100]);
  return sequence(
    sequence(oid('2.5.29.19'), truth(), octets(sequence(truth()))),
    sequence(oid('2.5.29.15'), truth(), octets(bits(digitalSignatureAndCertSign, 2))),
    sequence(oid('2.5.29.37'), octets(sequence(oid('1.3.6.1.5.5.7.3.1')))),
    sequence(oid('2.5.29.17'), octets(sequence(...altNames.map(generalName)))),
  );
}

function generalName(value: string): Buffer {
  if (isIP(value) === 4) return der(0x87, Buffer.from(value.split('.').map(Number)));
  return der(0x82, Buffer.from(value, 'ascii'));
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
