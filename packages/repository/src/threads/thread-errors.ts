import { type ErrorDetails, isErrorCode, LeewardError } from '@leeward/core';

/** An error on its way from a worker thread; classes do not survive the crossing. */
export interface ThreadError {
  readonly code?: string;
  readonly details: ErrorDetails;
  readonly message: string;
  readonly stack?: string;
}

export function toThreadError(error: unknown): ThreadError {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && error.stack ? { stack: error.stack } : {};
  if (!(error instanceof LeewardError)) return { details: {}, message, ...stack };
  return { code: error.code, details: error.details, message, ...stack };
}

/** What is not of the catalogue becomes `L-REP-128`, with the original text and stack kept. */
export function fromThreadError(error: ThreadError): LeewardError {
  const cause = new Error(error.message);
  if (error.stack) cause.stack = error.stack;
  if (error.code && isErrorCode(error.code)) return new LeewardError(error.code, error.details, cause);
  return new LeewardError('L-REP-128', { reason: error.message }, cause);
}
