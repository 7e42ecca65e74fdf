import { LeewardError } from '@leeward/core';
import { CertificateChanged } from '@leeward/platform';

const certificateCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What went wrong below HTTP, as an error of the catalogue. */
export function connectionError(error: unknown, host: string, port: number): LeewardError {
  if (error instanceof LeewardError) return error;
  const causes = causesOf(error);
  for (const cause of causes) {
    if (cause instanceof CertificateChanged) {
      const { expectedSha256, seenSha256 } = cause;
      return new LeewardError('L-VC-103', { host, port, expectedSha256, seenSha256 }, error);
    }
    if (certificateCodes.has(codeOf(cause)))
      return new LeewardError('L-VC-104', { host, port, reason: cause.message }, error);
  }
  const reason = causes.map((cause) => cause.message || codeOf(cause)).find((text) => text !== '');
  return new LeewardError('L-VC-101', { host, port, reason: reason ?? String(error) }, error);
}

/** An error, its causes and the parts of aggregates (a host name with several addresses), outermost first. */
function causesOf(error: unknown, depth = 0): Error[] {
  if (!(error instanceof Error) || depth > 8) return [];
  const parts: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...[error.cause, ...parts].flatMap((cause) => causesOf(cause, depth + 1))];
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
