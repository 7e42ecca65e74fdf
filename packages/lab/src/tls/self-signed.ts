import {
  makeSelfSignedCertificate,
  type SelfSignedCertificate,
  type SelfSignedOptions,
} from '@leeward/platform/tls/self-signed';

export type { SelfSignedCertificate };

/** The certificate of a simulator, as appliances ship theirs: its own CA, valid from an hour ago. */
export function createSelfSignedCertificate(
  options: Omit<SelfSignedOptions, 'organisation'>,
): Promise<SelfSignedCertificate> {
  return makeSelfSignedCertificate({ ...options, organisation: 'Leeward lab' });
}
