import { CertificateChanged } from './https-client.ts';

/** What went wrong below HTTP, before an answer came. `code` is Node's, or ''. `reason` is text for people. */
export type ConnectionFailure =
  | {
      readonly kind: 'certificate-changed';
      readonly expectedSha256: string;
      readonly seenSha256: string;
    }
  | { readonly kind: 'certificate-untrusted'; readonly code: string; readonly reason: string }
  | { readonly kind: 'other'; readonly code: string; readonly reason: string };

/** Codes of Node for certificates that are not accepted. */
const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_FORMAT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Tells apart what callers turn into errors of their own. */
export function connectionFailureOf(error: unknown): ConnectionFailure {
  const causes = causesOf(error);
  for (const cause of causes) {
    if (cause instanceof CertificateChanged) {
      const { expectedSha256, seenSha256 } = cause;
      return { kind: 'certificate-changed', expectedSha256, seenSha256 };
    }
    const code = codeOf(cause);
    if (untrusted.has(code)) return { kind: 'certificate-untrusted', code, reason: cause.message };
  }
  const code = causes.map(codeOf).find((each) => each !== '') ?? '';
  return { kind: 'other', code, reason: innermostReason(error) };
}

/** The innermost text that says something: outer errors often only say "fetch failed". */
export function innermostReason(error: unknown): string {
  const texts = causesOf(error).map((cause) => cause.message || codeOf(cause));
  return texts.findLast((text) => text !== '') ?? String(error);
}

/** An error, its causes and the parts of aggregates (a host name with several addresses), outermost first. */
function causesOf(error: unknown, depth = 0): Error[] {
  if (!(error instanceof Error) || depth > 8) return [];
  const parts: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...[error.cause, ...parts].flatMap((cause) => causesOf(cause, depth + 1))];
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
