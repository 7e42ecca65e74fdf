import { type ErrorCode, type ErrorDetails, LeewardError } from '@leeward/core';
import { connectionFailureOf } from '@leeward/platform/https/connection-failure';

/** What errors say of the file that was asked for. */
export interface HttpFilePlace {
  readonly host: string;
  readonly port: number;
  readonly datastore: string;
  readonly path: string;
}

export function httpError(
  code: ErrorCode,
  place: HttpFilePlace,
  details: ErrorDetails = {},
  cause?: unknown,
): LeewardError {
  return new LeewardError(code, { ...place, ...details }, cause);
}

/** What went wrong below HTTP, before an answer came. */
export function connectionFailure(error: unknown, place: HttpFilePlace): LeewardError {
  if (error instanceof LeewardError) return error;
  const failure = connectionFailureOf(error);
  switch (failure.kind) {
    case 'certificate-changed': {
      const { expectedSha256, seenSha256 } = failure;
      return httpError('L-NET-402', place, { expectedSha256, seenSha256 }, error);
    }
    case 'certificate-untrusted':
      return httpError('L-NET-403', place, { reason: failure.reason }, error);
    case 'other':
      return httpError('L-NET-401', place, { reason: failure.reason }, error);
  }
}

/** What is left of an answer that is not the one wanted: enough to tell a locked file from trouble. */
export interface HttpRefusal {
  readonly status: number;
  readonly text: string;
}

const notOver = new Set([408, 429]);

/** An answer other than the one wanted. `401` is dealt with before. */
export function refusalOf({ status, text }: HttpRefusal, place: HttpFilePlace): LeewardError {
  if (status === 401) return httpError('L-NET-404', place);
  if (status === 403) return httpError('L-NET-405', place);
  if (status === 404) return httpError('L-NET-406', place);
  // Hosts have no status of its own for it: they answer 500, and only their words tell it from other trouble.
  if (status === 423 || (status === 500 && /\block(ed)?\b/i.test(text)))
    return httpError('L-NET-407', place, { status });
  if (status >= 500 || notOver.has(status)) return httpError('L-NET-408', place, { status });
  return httpError('L-NET-409', place, { problem: `HTTP status ${status}` });
}
