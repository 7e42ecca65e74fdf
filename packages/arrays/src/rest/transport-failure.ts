import { isError, LeewardError } from '@leeward/core';
import { connectionFailureOf } from '@leeward/platform';
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

/** A failure of the network or of TLS as an error of the catalogue. */
export function transportFailure(call: RefusedCall, error: unknown): LeewardError {
  if (isError(error, 'L-RUN-101')) {
    const reason = `no answer within ${error.details['timeoutMs']} ms`;
    return new LeewardError('L-ARR-013', { ...call, reason }, error);
  }
  if (error instanceof LeewardError) return error;
  const failure = connectionFailureOf(error);
  if (failure.kind === 'certificate-changed') {
    const { expectedSha256: expected, seenSha256: seen } = failure;
    return new LeewardError('L-ARR-003', { host: call.host, expected, seen }, error);
  }
  const { code, reason } = failure;
  const details = { host: call.host, method: call.method, path: call.path, reason: code || reason };
  if (failure.kind === 'certificate-untrusted') return new LeewardError('L-ARR-004', details, error);
  if (neverSent.has(code)) return new LeewardError('L-ARR-001', details, error);
  return new LeewardError('L-ARR-013', details, error);
}
