import { type ErrorDetails, isError, LeewardError } from '@leeward/core';
import { CertificateChanged } from '@leeward/platform';
import type { RefusedCall } from './refused.ts';

/** Failures before a request can have reached the array: it certainly did not act. */
const neverSent = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** A failure of the network or of TLS as an error of the catalogue. */
export function transportFailure(call: RefusedCall, error: unknown): LeewardError {
  if (isError(error, 'L-RUN-101')) {
    const reason = `no answer within ${error.details['timeoutMs']} ms`;
    return new LeewardError('L-ARR-013', { ...call, reason }, error);
  }
  if (error instanceof LeewardError) return error;
  const changed = causeOf(error, (cause) => cause instanceof CertificateChanged);
  if (changed instanceof CertificateChanged) {
    const { expectedSha256: expected, seenSha256: seen } = changed;
    return new LeewardError('L-ARR-003', { host: call.host, expected, seen }, error);
  }
  const code = codeOf(error);
  const reason = code || (error instanceof Error ? error.message : String(error));
  const details: ErrorDetails = { host: call.host, method: call.method, path: call.path, reason };
  if (untrusted.has(code)) return new LeewardError('L-ARR-004', details, error);
  if (neverSent.has(code)) return new LeewardError('L-ARR-001', details, error);
  return new LeewardError('L-ARR-013', details, error);
}

function codeOf(error: unknown): string {
  const holder = causeOf(error, (cause) => stringCode(cause) !== '');
  return stringCode(holder);
}

function stringCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** The first error in the chain of causes (and of the parts of a joint error) that `wanted` accepts. */
function causeOf(error: unknown, wanted: (error: unknown) => boolean, depth = 0): unknown {
  if (depth > 8 || error === undefined) return undefined;
  if (wanted(error)) return error;
  const parts = error instanceof AggregateError ? error.errors : [];
  const next = error instanceof Error ? [...parts, error.cause] : [];
  for (const part of next) {
    const found = causeOf(part, wanted, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
